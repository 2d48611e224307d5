"""Ends accounts and organizations whose grace is over; what identifies a person goes, what others rely on stays."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils import timezone

from marketplace.domain.audit import Action
from marketplace.domain.events import OrganizationEnded, UserErased
from marketplace.domain.viewer import SYSTEM
from marketplace.models import IdempotencyKey, Membership, Notice, NoticeChoice, Organization, Token, User
from marketplace.services.accounts import sessions_end
from marketplace.services.audit import audit
from marketplace.services.outbox import emit

BATCH = 100


def graces_end() -> tuple[int, int]:
    """End what is due; returns how many accounts and organizations."""
    now = timezone.now()
    users = User.objects.filter(state=User.State.CLOSING, closes_at__lte=now).values_list("pk", flat=True)[:BATCH]
    ended = sum(_user_end(pk) for pk in list(users))
    closing = Organization.objects.filter(state=Organization.State.CLOSING, closes_at__lte=now)
    return ended, sum(_organization_end(pk) for pk in list(closing.values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def _user_end(pk: int) -> bool:
    due = User.objects.select_for_update().filter(pk=pk, state=User.State.CLOSING, closes_at__lte=timezone.now())
    user = due.first()
    if user is None:
        return False
    sessions_end(user)
    for model in (EmailAddress, Authenticator, SocialAccount, Membership, Token, IdempotencyKey, Notice, NoticeChoice):
        model.objects.filter(user=user).delete()
    user.email, user.display_name, user.time_zone = f"closed-{user.public_id}@invalid", "", "UTC"
    user.state, user.closes_at, user.last_login = User.State.CLOSED, None, None
    user.is_staff = user.is_superuser = user.is_moderator = user.is_senior_moderator = False
    user.set_unusable_password()
    user.save()
    audit(Action.USER_ERASE, by=SYSTEM, kind="user", subject=user.public_id)
    emit(UserErased(user_id=user.pk))
    return True


@transaction.atomic
def _organization_end(pk: int) -> bool:
    closing = Organization.objects.select_for_update().filter(pk=pk, state=Organization.State.CLOSING)
    organization = closing.filter(closes_at__lte=timezone.now()).first()
    if organization is None:
        return False
    Membership.objects.filter(organization=organization).delete()
    emit(OrganizationEnded(organization_id=organization.pk))
    organization.state, organization.closes_at = Organization.State.CLOSED, None
    organization.save(update_fields=["state", "closes_at"])
    audit(
        Action.ORGANIZATION_CLOSE,
        by=SYSTEM,
        kind="organization",
        subject=organization.public_id,
        name=organization.slug,
        organization_id=organization.pk,
        data={"ended": True},
    )
    return True
