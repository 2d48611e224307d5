"""The question whether a viewer may have the bytes of a package that is sold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from marketplace.core.errors import MarketplaceError, NotAllowed
from payments.domain.licences import LicenceState, Reason
from payments.models import Licence, Seat
from payments.selectors.licences import is_open_now, open_licences
from payments.selectors.prices import priced_among
from payments.services.seats import seat_at_first_use
from payments.services.switch import is_selling
from registry.services.access import maintains

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketplace.domain.viewer import Viewer
    from registry.models import Package

USED_EVERY_SECONDS = 3600


class SignInNeeded(MarketplaceError):
    """The package is paid and nobody is signed in."""

    status = 401


def is_paid(package: Package) -> bool:
    """Whether only licence holders get its bytes."""
    return is_selling() and package.pk in priced_among([package.pk])


def paid_among(package_ids: Iterable[int]) -> set[int]:
    """Which of these packages only licence holders get; none where nothing is sold. One query."""
    return priced_among(package_ids) if is_selling() else set()


def ensure_entitled(viewer: Viewer, package: Package) -> bool:
    """Whether the package is paid; raises SignInNeeded MP6001, NotAllowed MP6002 to MP6007 for who may not have it.

    The first use of a licence that gives seats by itself takes a free seat.
    """
    if not is_paid(package):
        return False
    if viewer.is_system or viewer.is_moderator or maintains(viewer, package):
        return True
    name = {"name": package.full_name}
    if viewer.user_id is None:
        raise SignInNeeded("MP6001", name)
    if not _is_entitled(viewer, viewer.user_id, package):
        raise NotAllowed(_why_not(viewer, package), name)
    return True


def unentitled_among(viewer: Viewer, packages: Iterable[Package]) -> set[int]:
    """Which of these packages (by primary key) the viewer may not have now; two queries however many are free."""
    found = {package.pk: package for package in packages}
    refused = set()
    for key in paid_among(found):
        try:
            ensure_entitled(viewer, found[key])
        except MarketplaceError:
            refused.add(key)
    return refused


def _is_entitled(viewer: Viewer, user_id: int, package: Package) -> bool:
    held = Q(user_id=user_id) | Q(organization_id__in=viewer.organization_ids)
    licences = list(open_licences(package_id=package.pk).filter(held))
    if any(licence.user_id == user_id or not licence.is_per_seat for licence in licences):
        return True
    keys = [licence.pk for licence in licences]
    seat = Seat.objects.filter(licence_id__in=keys, user_id=user_id, released_at=None).first()
    if seat is not None:
        _used(seat)
        return True
    return any(seat_at_first_use(licence_id=key, user_id=user_id, by=viewer) for key in keys)


def _used(seat: Seat) -> None:
    now = timezone.now()
    if seat.used_at is None or (now - seat.used_at).total_seconds() > USED_EVERY_SECONDS:
        with transaction.atomic():
            Seat.objects.filter(pk=seat.pk).update(used_at=now)


def _why_not(viewer: Viewer, package: Package) -> str:
    """The code of the sentence that helps most."""
    held = Q(user_id=viewer.user_id) | Q(organization_id__in=viewer.organization_ids)
    mine = Licence.objects.filter(held, package=package).order_by("-id")
    if mine.filter(is_open_now()).exists():
        return "MP6003"
    licence = mine.first()
    if licence is None:
        return "MP6002"
    if licence.state == LicenceState.SUSPENDED:
        return "MP6005" if licence.reason == Reason.DISPUTED else "MP6004"
    if licence.state == LicenceState.GRACE:
        return "MP6004"
    return "MP6007" if licence.state == LicenceState.REVOKED else "MP6006"
