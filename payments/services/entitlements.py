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
from registry.models import Package
from registry.selectors.packages import maintained_by

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketplace.domain.viewer import Viewer

USED_SECONDS = 3600


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
    if _refused(viewer, {package.pk}):
        name = {"name": package.full_name}
        if viewer.user_id is None:
            raise SignInNeeded("MP6001", name)
        raise NotAllowed(_why_not(viewer, package), name)
    return True


def unentitled_among(viewer: Viewer, packages: Iterable[Package]) -> set[int]:
    """Which of these packages (by primary key) the viewer may not have now; as many queries for one as for hundreds."""
    return _refused(viewer, paid_among(package.pk for package in packages))


def _refused(viewer: Viewer, paid: set[int]) -> set[int]:
    if not paid or viewer.is_system or viewer.is_moderator:
        return set()
    if viewer.user_id is None:
        return paid
    held = Q(user_id=viewer.user_id) | Q(organization_id__in=viewer.organization_ids)
    licences = list(open_licences(package_id__in=paid).filter(held))
    left = paid - {row.package_id for row in licences if row.user_id == viewer.user_id or not row.is_per_seat}
    keys = [row.pk for row in licences if row.package_id in left]
    seats = list(Seat.objects.filter(licence_id__in=keys, user_id=viewer.user_id, released_at=None)) if keys else []
    _used(seats)
    seated = {seat.licence_id for seat in seats}
    left -= {row.package_id for row in licences if row.pk in seated}
    for row in licences:
        if row.package_id in left and seat_at_first_use(licence_id=row.pk, user_id=viewer.user_id, by=viewer):
            left.discard(row.package_id)
    if left:
        left -= set(Package.objects.filter(maintained_by(viewer), pk__in=left).values_list("pk", flat=True))
    return left


def _used(seats: list[Seat]) -> None:
    """Note the use, once an hour at most."""
    now = timezone.now()
    stale = [seat.pk for seat in seats if seat.used_at is None or (now - seat.used_at).total_seconds() > USED_SECONDS]
    if stale:
        with transaction.atomic():
            Seat.objects.filter(pk__in=stale).update(used_at=now)


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
