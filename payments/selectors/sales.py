"""What was sold of the viewer's packages; read as the system after the viewer was found to sell them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q, Sum

from marketplace.core import tenancy
from marketplace.domain.roles import ALLOWED, Permission
from payments.domain.licences import OPEN
from payments.domain.money import Money
from payments.models import Dispute, Licence, Payment
from payments.selectors.licences import is_open_now
from registry.models import Package

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from marketplace.domain.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Sold:
    """One package's sales in one currency."""

    package: Package
    paid: Money
    refunded: Money
    payments: int
    licences: int
    seats: int
    seats_taken: int
    disputes: int


def packages_sold_by(viewer: Viewer) -> QuerySet[Package]:
    """Packages whose prices the viewer sets."""
    selling = [key for key, role in viewer.roles.items() if {Permission.MANAGE, Permission.BILL} & ALLOWED[role]]
    own = Q(publisher__user_id=viewer.user_id) if viewer.user_id is not None else Q(pk__in=[])
    found = Package.objects.filter(own | Q(publisher__organization_id__in=selling))
    return found.select_related("publisher", "latest").order_by("full_name")


def sales_of(packages: Iterable[Package]) -> list[Sold]:
    """The sales of packages that the viewer sells, most first; four queries however many there are."""
    found = {package.pk: package for package in packages}
    with tenancy.bound(tenancy.SYSTEM):
        paid = list(
            Payment.objects.filter(order__package_id__in=found)
            .values("order__package_id", "currency")
            .annotate(paid=Sum("amount"), back=Sum("refunded"), count=Count("pk"))
        )
        held = Licence.objects.filter(is_open_now(), package_id__in=found, state__in=[state.value for state in OPEN])
        counted = held.values("package_id").annotate(n=Count("pk"), s=Sum("seats"), t=Sum("seats_taken"))
        licences = {row["package_id"]: row for row in counted}
        disputed = Dispute.objects.filter(state="open", payment__order__package_id__in=found)
        open_ones = dict(disputed.values_list("payment__order__package_id").annotate(n=Count("pk")))
    nothing = {"n": 0, "s": 0, "t": 0}
    rows = [
        Sold(
            package=found[row["order__package_id"]],
            paid=Money(row["paid"], row["currency"]),
            refunded=Money(row["back"], row["currency"]),
            payments=row["count"],
            licences=licences.get(row["order__package_id"], nothing)["n"],
            seats=licences.get(row["order__package_id"], nothing)["s"],
            seats_taken=licences.get(row["order__package_id"], nothing)["t"],
            disputes=open_ones.get(row["order__package_id"], 0),
        )
        for row in paid
    ]
    return sorted(rows, key=lambda row: (-row.paid.amount, row.package.full_name))


def disputes_sold(packages: Iterable[Package], *, state: str, most: int) -> list[Dispute]:
    """The newest disputes about packages that the viewer sells; of one state when it is a known one."""
    with tenancy.bound(tenancy.SYSTEM):
        rows = Dispute.objects.filter(payment__order__package_id__in=[package.pk for package in packages])
        if state in Dispute.State.values:
            rows = rows.filter(state=state)
        return list(rows.select_related("payment__order__package").order_by("-opened_at", "-id")[:most])


def payments_sold(package: Package, *, most: int) -> list[Payment]:
    """The newest payments for a package that the viewer sells, with order and disputes."""
    with tenancy.bound(tenancy.SYSTEM):
        rows = Payment.objects.filter(order__package=package).select_related("order__organization")
        return list(rows.prefetch_related("disputes").order_by("-paid_at", "-id")[:most])
