"""Accepting, skipping and staying: what an install is offered follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from installs.models import Consent, Install, Library
from installs.selectors.consent import DECIDING, accepted_versions, installs_of, may_have, uncovered_installs
from marketplace.core.errors import Invalid, NotAllowed
from marketplace.domain.audit import Action
from marketplace.domain.roles import Permission
from marketplace.models import Membership, Notice
from marketplace.services.audit import audit
from marketplace.services.notices import notice_send
from registry.domain.states import State
from registry.models import CapabilityContainment, Version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketplace.domain.viewer import Viewer

ACTIONS = {
    Consent.Act.ACCEPT: Action.CONSENT_ACCEPT,
    Consent.Act.SKIP: Action.CONSENT_SKIP,
    Consent.Act.STAY: Action.CONSENT_STAY,
}
ASKED_AT_ONCE = 500


@transaction.atomic
def consent_decide(*, install: Install, version: Version, act: Consent.Act, by: Viewer) -> Consent:
    """Answer for one install: accept the version with its set, skip the set, or stay on what is offered now.

    Raises NotAllowed MP5030 for a library that is not the viewer's to decide for, Invalid MP5031 for a version that
    is not the package's or not published, MP5032 for staying on nothing.
    """
    library = Library.objects.select_for_update().get(pk=install.library_id)
    ensure_decides(by=by, library=library)
    if version.package_id != install.package_id or version.state != State.PUBLISHED:
        raise Invalid("MP5031", {"number": version.number})
    if act == Consent.Act.STAY:
        _stay(install)
    elif act == Consent.Act.ACCEPT:
        Install.objects.filter(pk=install.pk).update(pinned=None)
    consent = consent_write(install=install, version=version, act=act, by=by)
    Library.objects.filter(pk=library.pk).update(revision=F("revision") + 1, updated_at=timezone.now())
    audit(
        ACTIONS[act],
        by=by,
        kind="install",
        subject=install.public_id,
        name=f"{version.package.full_name}@{version.number}",
        organization_id=library.organization_id,
        data={"digest": version.capability_digest},
    )
    return consent


def consent_write(*, install: Install, version: Version, act: Consent.Act, by: Viewer) -> Consent:
    """Note the answer to the version's set; a later answer to the same set takes the place of an earlier one."""
    consent, _made = Consent.objects.update_or_create(
        install=install,
        digest=version.capability_digest,
        defaults={"version": version, "act": act, "by_id": by.user_id, "at": timezone.now()},
    )
    return consent


def consents_accept(*, installs: Iterable[Install], by: Viewer) -> None:
    """Note for new installs that what their packages' newest versions can do is accepted."""
    Consent.objects.bulk_create(
        Consent(
            install=install, digest=newest.capability_digest, version=newest, act=Consent.Act.ACCEPT,
            by_id=by.user_id, at=timezone.now(),
        )
        for install in installs
        if (newest := install.package.latest) is not None
    )  # fmt: skip


def ensure_decides(*, by: Viewer, library: Library) -> None:
    """Raise NotAllowed MP5030 unless the library is the viewer's own, nobody's yet, or their organization's."""
    if library.organization_id is not None:
        allowed = by.may_in(library.organization_id, Permission.MANAGE)
    else:
        allowed = library.user_id is None or library.user_id == by.user_id
    if not (allowed or by.is_system):
        raise NotAllowed("MP5030")


def ensure_consented(viewer: Viewer, version: Version) -> None:
    """Raise NotAllowed when the viewer has not agreed to the version.

    MP5007: it is in a library of theirs, and asks for more than was accepted there or is too new for its kind. MP5006:
    it is in none, so the cooldown of shared addresses applies.
    """
    names = {"name": version.package.full_name, "number": version.number}
    installs = list(installs_of(viewer, version.package))
    if installs:
        if not any(may_have(install, version) for install in installs):
            raise NotAllowed("MP5007", names)
    elif not version.is_settled:
        when = f"{version.settles_at:%-d %b %Y %H:%M}" if version.settles_at else ""
        raise NotAllowed("MP5006", {**names, "when": when, "hours": settings.COOLDOWN_HOURS})


def _stay(install: Install) -> None:
    """Keep what the install is offered now."""
    offered = install.pinned or accepted_versions(install).first()
    if offered is None:
        raise Invalid("MP5032")
    Install.objects.filter(pk=install.pk).update(pinned=offered)


def consent_ask(version_id: int) -> int:
    """Tell everybody whose library does not get the version because it asks for more; returns how many were told."""
    version = Version.objects.select_related("package__publisher").filter(pk=version_id, state=State.PUBLISHED).first()
    if version is None or version.package.latest_id != version.pk:
        return 0
    told = 0
    installs = uncovered_installs(version).select_related("library").order_by("pk")
    for install in installs.iterator(chunk_size=ASKED_AT_ONCE):
        told += _tell(install, version, _deciders(install.library))
    return told


def reread_tell(version_id: int, before: str) -> int:
    """Tell everybody who agreed to the set `before` that better detectors read more in the version; returns how many.

    They keep the version: its bytes are what they were. What it is known to do now was not agreed to, so a later
    version that does it too is asked for like any other.
    """
    version = Version.objects.select_related("package__publisher").filter(pk=version_id, state=State.PUBLISHED).first()
    if version is None:
        return 0
    known = CapabilityContainment.objects.filter(package_id=version.package_id)
    agreed = Consent.objects.filter(install=OuterRef("pk"), act=Consent.Act.ACCEPT)
    had = agreed.filter(digest__in=known.filter(inner=before).values("outer"))
    now = agreed.filter(digest__in=known.filter(inner=version.capability_digest).values("outer"))
    installs = Install.objects.filter(Exists(had), ~Exists(now), package_id=version.package_id)
    told = 0
    for install in installs.select_related("library").order_by("pk").iterator(chunk_size=ASKED_AT_ONCE):
        told += _tell_reread(install, version)
    return told


def _tell_reread(install: Install, version: Version) -> int:
    names = {"name": version.package.full_name, "number": version.number}
    return notice_send(
        to=_deciders(install.library),
        kind=Notice.Kind.CONSENT,
        key=f"reread:{install.pk}:{version.capability_digest}",
        title=_("We see more in %(name)s %(number)s than we told you") % names,
        text=_(
            "It is the very same version that you have, and you keep it; we now read better what it can do. Look at "
            "its page, and remove it if you would not have chosen it. We ask you before a newer version does it too."
        ),
        path=f"/{version.package.full_name}",
    )


def _deciders(library: Library) -> Iterable[int]:
    if library.user_id is not None:
        return [library.user_id]
    if library.organization_id is None:
        return []
    members = Membership.objects.filter(organization_id=library.organization_id, role__in=DECIDING)
    return members.values_list("user_id", flat=True)


def _tell(install: Install, version: Version, users: Iterable[int]) -> int:
    offered = accepted_versions(install).first()
    names = {"name": version.package.full_name, "number": version.number, "before": offered.number if offered else ""}
    if offered is None:
        return 0
    return notice_send(
        to=users,
        kind=Notice.Kind.CONSENT,
        key=f"consent:{install.pk}:{version.capability_digest}",
        title=_("%(name)s %(number)s asks for more") % names,
        text=_(
            "You stay on %(before)s until you choose. The page shows what the new version can do that yours cannot, "
            "and lets you accept it, skip it or stay."
        )
        % names,
        path=f"/{version.package.full_name}/compare/{offered.number}...{version.number}",
    )
