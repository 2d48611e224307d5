"""Libraries gain and lose packages; one personal address leads to each (ARCHITECTURE, walk 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from installs.domain.keys import digest_of, is_key, key_make
from installs.models import Consent, Install, Library, PersonalAddress
from installs.services.consent import consent_write, consents_accept
from installs.services.seal import opened, sealed
from marketplace.core import tenancy
from marketplace.core.errors import LimitReached, NotFound
from marketplace.domain.audit import Action
from marketplace.domain.viewer import ANONYMOUS, Viewer
from marketplace.models import User
from marketplace.services.audit import audit
from marketplace.services.viewers import signed_in_id, viewer_of_user

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from registry.models import Package, Version

MOST = 500
COOKIE = "library"


@dataclass(frozen=True, slots=True)
class Opened:
    """A library reached by its key, and the viewer in whose name it is read."""

    library: Library
    viewer: Viewer


@transaction.atomic
def library_of(*, by: Viewer) -> Library:
    """The viewer's own library, made at the first question; the viewer is signed in."""
    library, _ = Library.objects.get_or_create(user_id=signed_in_id(by))
    return library


@transaction.atomic
def address_make(*, library: Library, by: Viewer) -> str:
    """A new key that leads to the library."""
    key = key_make()
    address = PersonalAddress.objects.create(library=library, digest=digest_of(key), sealed=sealed(key))
    audit(Action.ADDRESS_CREATE, by=by, kind="address", subject=address.public_id)
    return key


@transaction.atomic
def visitor_library_make() -> tuple[Library, str]:
    """A library for somebody who has not signed in, and its key; the key is all that leads to it."""
    library = Library.objects.create()
    return library, address_make(library=library, by=ANONYMOUS)


@transaction.atomic
def address_of(*, by: Viewer, library: Library | None = None) -> str:
    """The key of the signed-in viewer's address in use; a new one when there is none that can be shown.

    `library` is the viewer's own, for whoever has it already.
    """
    library = library or library_of(by=by)
    for address in library.addresses.filter(revoked_at__isnull=True).order_by("-id")[:20]:
        key = opened(address.sealed)
        if key is not None:
            return key
    return address_make(library=library, by=by)


@transaction.atomic
def address_rotate(*, by: Viewer) -> str:
    """Revoke every address of the viewer's library and make a new one."""
    library = library_of(by=by)
    library.addresses.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
    audit(Action.ADDRESS_ROTATE, by=by, kind="library", subject=library.public_id)
    return address_make(library=library, by=by)


def library_open(key: str) -> Opened:
    """The library that the key leads to; raises NotFound MP5003 for an unknown, revoked or malformed one."""
    if not is_key(key):
        raise NotFound("MP5003")
    with tenancy.bound(tenancy.SYSTEM):
        live = PersonalAddress.objects.filter(digest=digest_of(key), revoked_at__isnull=True)
        address = live.select_related("library").first()
        if address is None:
            raise NotFound("MP5003")
        user = User.objects.filter(pk=address.library.user_id).first() if address.library.user_id else None
        if user is not None and not user.is_active:
            raise NotFound("MP5003")
        return Opened(address.library, viewer_of_user(user) if user else ANONYMOUS)


@transaction.atomic
def library_add(*, library: Library, package: Package, by: Viewer) -> Install:
    """Put the package into the library, which agrees to what its newest version can do; again changes nothing.

    Raises LimitReached MP5005.
    """
    library_add_all(library=library, packages=[package], by=by)
    return Install.objects.get(library=library, package=package)


@transaction.atomic
def library_add_all(*, library: Library, packages: Iterable[Package], by: Viewer) -> int:
    """Put several in, or none of them: returns how many are new. Raises LimitReached MP5005."""
    Library.objects.select_for_update().get(pk=library.pk)
    held = set(library.installs.values_list("package_id", flat=True))
    missing = [package for package in packages if package.pk not in held]
    if len(held) + len(missing) > MOST:
        raise LimitReached("MP5005", {"limit": MOST})
    installs = Install.objects.bulk_create([Install(library=library, package=package) for package in missing])
    consents_accept(installs=installs, by=by)
    for package in missing:
        _changed(library, Action.INSTALL_ADD, package, by)
    return len(missing)


@transaction.atomic
def library_remove(*, library: Library, package: Package, by: Viewer) -> None:
    """Take the package out; raises NotFound MP5004 when it is not in."""
    Library.objects.select_for_update().get(pk=library.pk)
    deleted, _ = Install.objects.filter(library=library, package=package).delete()
    if not deleted:
        raise NotFound("MP5004", {"name": package.full_name})
    _changed(library, Action.INSTALL_REMOVE, package, by)


@transaction.atomic
def library_pin(*, library: Library, package: Package, version: Version | None, by: Viewer) -> None:
    """Keep one version (None: follow the newest); raises NotFound MP5004 when the package is not in."""
    install = Install.objects.filter(library=library, package=package).first()
    if install is None:
        raise NotFound("MP5004", {"name": package.full_name})
    Install.objects.filter(pk=install.pk).update(pinned=version)
    if version is not None:
        consent_write(install=install, version=version, act=Consent.Act.ACCEPT, by=by)
    _changed(library, Action.INSTALL_PIN, package, by)


@transaction.atomic
def address_claim(*, key: str, by: Viewer) -> int:
    """Merge a visitor's library into the viewer's; the visitor's address leads to the viewer's library from then on.

    Returns how many packages came with it; an address of another account, or none, changes nothing (0).
    """
    if not is_key(key):
        return 0
    live = PersonalAddress.objects.select_for_update().filter(digest=digest_of(key), revoked_at__isnull=True)
    address = live.first()
    visitor = Library.objects.filter(pk=address.library_id, user=None, organization=None).first() if address else None
    if address is None or visitor is None:
        return 0
    mine = library_of(by=by)
    held = set(mine.installs.values_list("package_id", flat=True))
    gained = visitor.installs.exclude(package_id__in=held)
    count = gained.update(library=mine)
    visitor.addresses.update(library=mine, claimed_at=timezone.now())
    visitor.delete()
    Library.objects.filter(pk=mine.pk).update(revision=F("revision") + 1, updated_at=timezone.now())
    audit(Action.ADDRESS_CLAIM, by=by, kind="library", subject=mine.public_id, data={"packages": count})
    return count


def visitor_claim(cookies: Mapping[str, str], by: Viewer) -> frozenset[str]:
    """At a sign-in: claim the library of the visitor's cookie; returns the cookies that have done their work."""
    if COOKIE not in cookies:
        return frozenset()
    address_claim(key=cookies[COOKIE], by=by)
    return frozenset({COOKIE})


def _changed(library: Library, action: Action, package: Package, by: Viewer) -> None:
    Library.objects.filter(pk=library.pk).update(revision=F("revision") + 1, updated_at=timezone.now())
    audit(
        action,
        by=by,
        kind="install",
        subject=package.public_id,
        name=package.full_name,
        organization_id=library.organization_id,
    )
