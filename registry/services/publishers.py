"""Publishers are made at the first publication, when their name is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from marketplace.core.errors import Conflict, Invalid, NotAllowed
from marketplace.domain.audit import Action
from marketplace.domain.roles import Permission, Role
from marketplace.domain.viewer import Scope
from marketplace.models import Membership, NameClaim, User
from marketplace.services.audit import audit
from marketplace.services.names import name_claim
from registry.domain import names
from registry.models import Publisher

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from marketplace.models import Organization


@transaction.atomic
def publisher_create(
    *, name: str, by: Viewer, organization: Organization | None = None, display_name: str = ""
) -> Publisher:
    """Claim `name` for the viewer or one of their organizations, which may hold it as its own name already.

    Raises Invalid (MP15xx) for a name that nobody may have, Conflict MP4101 for a taken one, NotAllowed MP3010.
    """
    if not by.may_use(Scope.PUBLISH) or by.user_id is None:
        raise NotAllowed("MP3015")
    if organization is not None and not by.may_in(organization.pk, Permission.MANAGE):
        raise NotAllowed("MP3010", {"name": name})
    try:
        names.check_publisher_name(name)
    except names.NameRefused as refusal:
        raise Invalid(refusal.code, refusal.params) from refusal
    holder = organization.public_id if organization else User.objects.get(pk=by.user_id).public_id
    name_claim(name=name, normalised=names.normalised(name), kind=NameClaim.Kind.PUBLISHER, holder=holder)
    if Publisher.objects.filter(name=name).exists():
        raise Conflict("MP4101", {"name": name})
    publisher = Publisher.objects.create(
        name=name,
        display_name=display_name,
        user_id=None if organization else by.user_id,
        organization=organization,
    )
    organization_id = organization.pk if organization else None
    audit(
        Action.PUBLISHER_CREATE,
        by=by,
        kind="publisher",
        subject=publisher.public_id,
        name=f"@{name}",
        organization_id=organization_id,
    )
    return publisher


@transaction.atomic
def publisher_suspend(*, publisher: Publisher, reason: str, by: Viewer) -> None:
    """Stop new publications under the name; what is published stays. Who may is the caller's question."""
    Publisher.objects.filter(pk=publisher.pk).update(suspended_at=timezone.now(), suspended_reason=reason[:300])
    _tell_state(Action.PUBLISHER_SUSPEND, publisher, by, {"reason": reason})


@transaction.atomic
def publisher_resume(*, publisher: Publisher, by: Viewer) -> None:
    """Let the publisher publish again."""
    Publisher.objects.filter(pk=publisher.pk).update(suspended_at=None, suspended_reason="")
    _tell_state(Action.PUBLISHER_RESUME, publisher, by, {})


def publisher_user_ids(publisher: Publisher) -> set[int]:
    """Primary keys of those who answer for the publisher: its user, or its organization's owners and administrators."""
    if publisher.organization_id is None:
        return {publisher.user_id} if publisher.user_id else set()
    return administrator_ids(publisher.organization_id)


def administrator_ids(organization_id: int) -> set[int]:
    """Primary keys of an organization's owners and administrators."""
    answering = Membership.objects.filter(organization_id=organization_id, role__in=[Role.OWNER, Role.ADMIN])
    return set(answering.values_list("user_id", flat=True))


def _tell_state(action: Action, publisher: Publisher, by: Viewer, data: dict[str, str]) -> None:
    audit(
        action,
        by=by,
        kind="publisher",
        subject=publisher.public_id,
        name=f"@{publisher.name}",
        organization_id=publisher.organization_id,
        data=data,
    )
