"""Orders, licences and seats over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.response import Response

from marketplace.core.errors import Invalid, NotFound
from marketplace.models import Membership, Organization
from payments.api.plumbing import SellingView, paged, signed_in
from payments.api.serializers import (
    AddressSerializer,
    EntitlementSerializer,
    LicenceChangeSerializer,
    LicenceSerializer,
    OrderSerializer,
    OrderWriteSerializer,
    PaperSerializer,
    PreviewSerializer,
    SeatSerializer,
    SeatWriteSerializer,
    page_of,
)
from payments.selectors.licences import licence_get, licences_of, order_get, orders_of, payments_of, seats_of
from payments.selectors.prices import price_find
from payments.services import refunds, seats, subscriptions
from payments.services.access import ensure_may
from payments.services.orders import order_start, portal_address
from payments.services.tokens import entitlement_make, public_key

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request

    from marketplace.models import User
    from payments.models import Licence

DIGITS_MOST = 5
CURSOR = [OpenApiParameter("cursor", str)]


class OrderList(SellingView):
    """The caller's orders."""

    @extend_schema(operation_id="list_orders", parameters=CURSOR, responses=page_of(OrderSerializer, "OrderPage"))
    def get(self, request: Request) -> Response:
        """Own ones and those of the caller's organizations, newest first."""
        return paged(request, orders_of(signed_in(request)), OrderSerializer)

    @extend_schema(operation_id="create_order", request=OrderWriteSerializer, responses={201: OrderSerializer})
    def post(self, request: Request) -> Response:
        """Begin an order; a person pays it at `checkout_url`."""
        viewer, form = signed_in(request), OrderWriteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        price = price_find(said["price"])
        if price is None:
            raise NotFound("MP6019")
        organization = None
        if said["organization"]:
            mine = Organization.objects.filter(pk__in=viewer.organization_ids, slug=said["organization"])
            organization = mine.first()
            if organization is None:
                raise NotFound("MP9001")
        order = order_start(price=price, seats=said["seats"], organization=organization, by=viewer)
        return Response(OrderSerializer(order).data, status=status.HTTP_201_CREATED)


class OrderDetail(SellingView):
    """One order."""

    @extend_schema(operation_id="get_order", responses=OrderSerializer)
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002  (the address's name)
        """How far it got."""
        return Response(OrderSerializer(order_get(signed_in(request), id)).data)


class LicenceList(SellingView):
    """The caller's licences."""

    @extend_schema(operation_id="list_licences", parameters=CURSOR, responses=page_of(LicenceSerializer, "LicencePage"))
    def get(self, request: Request) -> Response:
        """Own ones and those of the caller's organizations, newest first."""
        return paged(request, licences_of(signed_in(request)), LicenceSerializer)


class LicenceDetail(SellingView):
    """One licence."""

    @extend_schema(operation_id="get_licence", responses=LicenceSerializer)
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002  (the address's name)
        """Its state, dates and seats."""
        return Response(LicenceSerializer(licence_get(signed_in(request), id)).data)

    @extend_schema(operation_id="change_licence", request=LicenceChangeSerializer, responses=LicenceSerializer)
    def patch(self, request: Request, id: UUID) -> Response:  # noqa: A002  (the address's name)
        """End it, keep it, change its seats, say how they are given, or have the money back."""
        viewer, form = signed_in(request), LicenceChangeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said, licence = form.validated_data, licence_get(viewer, id)
        match said["act"]:
            case "end":
                subscriptions.licence_end(licence=licence, by=viewer)
            case "keep":
                subscriptions.licence_keep(licence=licence, by=viewer)
            case "seats":
                subscriptions.seats_change(licence=licence, seats=said.get("seats", 0), by=viewer)
            case "first_use":
                seats.first_use_set(licence=licence, gives=said["gives"], by=viewer)
            case _:
                refunds.refund_take(licence=licence, reason=said["reason"], by=viewer)
        return Response(LicenceSerializer(licence_get(viewer, id)).data)


class LicencePreview(SellingView):
    """What other seats would cost."""

    @extend_schema(
        operation_id="preview_seats", parameters=[OpenApiParameter("seats", int)], responses=PreviewSerializer
    )
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002  (the address's name)
        """The price of `seats` seats, now and at each renewal; nothing changes."""
        viewer, asked = signed_in(request), request.query_params.get("seats", "")
        wanted = int(asked) if asked.isdecimal() and len(asked) <= DIGITS_MOST else 0
        shown = subscriptions.seats_preview(licence=licence_get(viewer, id), seats=wanted, by=viewer)
        return Response(PreviewSerializer({"seats": wanted, "shown": shown}).data)


class LicencePayments(SellingView):
    """What was paid for one licence, for its payer."""

    @extend_schema(operation_id="list_licence_payments", responses=PaperSerializer(many=True))
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002  (the address's name)
        """The newest hundred, with receipts and invoices."""
        viewer = signed_in(request)
        licence = licence_get(viewer, id)
        ensure_may(by=viewer, licence=licence)
        return Response(PaperSerializer(payments_of(licence.order)[:100], many=True).data)


class LicenceBilling(SellingView):
    """The processor's own page for cards and invoices."""

    @extend_schema(operation_id="open_billing", request=None, responses={201: AddressSerializer})
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002  (the address's name)
        """Its address, good for some minutes."""
        viewer = signed_in(request)
        url = portal_address(licence=licence_get(viewer, id), by=viewer)
        return Response({"url": url}, status=status.HTTP_201_CREATED)


class LicenceEntitlement(SellingView):
    """Offline entitlements."""

    @extend_schema(operation_id="create_entitlement", request=None, responses={201: EntitlementSerializer})
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002  (the address's name)
        """A signed entitlement for the caller's own use of the newest major version."""
        viewer = signed_in(request)
        licence = licence_get(viewer, id)
        latest = licence.package.latest
        major = int(latest.number.split(".", 1)[0]) if latest else 1
        made = entitlement_make(licence=licence, major=major, by=viewer)
        return Response({"entitlement": made, "key": public_key()[1]}, status=status.HTTP_201_CREATED)


class SeatList(SellingView):
    """The seats of one licence."""

    @extend_schema(operation_id="list_seats", responses=SeatSerializer(many=True))
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002  (the address's name)
        """Who has one; for those who give them."""
        viewer = signed_in(request)
        licence = licence_get(viewer, id)
        ensure_may(by=viewer, licence=licence, gives=True)
        return Response(SeatSerializer(seats_of(licence)[:5000], many=True).data)

    @extend_schema(operation_id="give_seat", request=SeatWriteSerializer, responses={201: SeatSerializer})
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002  (the address's name)
        """Give a member a seat."""
        viewer, form = signed_in(request), SeatWriteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        licence = licence_get(viewer, id)
        ensure_may(by=viewer, licence=licence, gives=True)
        seat = seats.seat_give(licence=licence, user=member_of(licence, form.validated_data["person"]), by=viewer)
        return Response(SeatSerializer(seat).data, status=status.HTTP_201_CREATED)


class SeatDetail(SellingView):
    """One seat."""

    @extend_schema(operation_id="transfer_seat", request=SeatWriteSerializer, responses=SeatSerializer)
    def patch(self, request: Request, id: UUID, seat: UUID) -> Response:  # noqa: A002  (the address's name)
        """Hand it on to another member."""
        viewer, form = signed_in(request), SeatWriteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        licence = licence_get(viewer, id)
        ensure_may(by=viewer, licence=licence, gives=True)
        person = member_of(licence, form.validated_data["person"])
        made = seats.seat_transfer(licence=licence, seat_id=seat, user=person, by=viewer)
        return Response(SeatSerializer(made).data)

    @extend_schema(operation_id="take_seat", responses={204: None})
    def delete(self, request: Request, id: UUID, seat: UUID) -> Response:  # noqa: A002  (the address's name)
        """Take it back."""
        viewer = signed_in(request)
        seats.seat_take(licence=licence_get(viewer, id), seat_id=seat, by=viewer)
        return Response(status=status.HTTP_204_NO_CONTENT)


def member_of(licence: Licence, public_id: UUID) -> User:
    """A member of the licence's organization; raises Invalid MP6043."""
    members = Membership.objects.filter(organization=licence.organization, user__public_id=public_id)
    found = members.select_related("user").first()
    if found is None:
        raise Invalid("MP6043", {"person": str(public_id)})
    return found.user
