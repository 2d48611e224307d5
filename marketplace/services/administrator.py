"""The first administrator of an instance."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction

from marketplace.core.errors import Conflict, Invalid
from marketplace.domain.audit import Action
from marketplace.domain.viewer import SYSTEM
from marketplace.models import User
from marketplace.services.audit import audit

LOCK = 7_203_011


@transaction.atomic
def administrator_create(*, email: str, password: str) -> User:
    """Make the first administrator, who moderates too; their address counts as confirmed.

    Raises Conflict MP4304 when there is one, MP4305 for an address in use, Invalid MP9004 when address or password will
    not do.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if User.objects.filter(is_superuser=True).exclude(state=User.State.CLOSED).exists():
        raise Conflict("MP4304")
    address = email.strip().lower()
    if User.objects.filter(email__iexact=address).exists():
        raise Conflict("MP4305", {"email": address})
    try:
        validate_email(address)
        validate_password(password, User(email=address))
    except ValidationError as error:
        raise Invalid("MP9004", {"reason": " ".join(error.messages)}) from error
    user = User.objects.create_superuser(address, password, is_moderator=True)
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    audit(
        Action.USER_CREATE, by=SYSTEM, kind="user", subject=user.public_id, name=address, data={"administrator": True}
    )
    return user
