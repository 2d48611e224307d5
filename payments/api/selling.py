"""Prices, codes, sales and refunds over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from marketplace.core.errors import NotFound
from marketplace.services.viewers import viewer_from
from payments.api.plumbing import SellingView, signed_in
from payments.api.serializers import (
    PaymentSerializer,
    PriceSerializer,
    PriceWriteSerializer,
    PromotionSerializer,
    RefundSerializer,
    SoldDisputeSerializer,
    SoldSerializer,
)
from payments.domain.money import Money
from payments.domain.prices import Interval, PriceTerms
from payments.models import Promotion
from payments.selectors.prices import prices_of, promotions_of
from payments.selectors.sales import disputes_sold, packages_sold_by, payments_sold, sales_of
from payments.services.access import ensure_can_sell
from payments.services.prices import price_create, price_stop, promotion_create, promotion_stop
from payments.services.refunds import refund_give
from registry.selectors.packages import package_get

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request

    from marketplace.domain.viewer import Viewer
    from registry.models import Package

PAYMENTS_MOST = 100
PACKAGES_MOST = 500


def _sold(viewer: Viewer, publisher: str, name: str) -> Package:
    package = package_get(viewer, publisher, name)
    ensure_can_sell(by=viewer, package=package)
    return package


class PriceList(SellingView):
    """The prices of one package."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="list_prices", responses=PriceSerializer(many=True))
    def get(self, request: Request, publisher: str, name: str) -> Response:
        """Those in force; none for a free package."""
        package = package_get(viewer_from(request), publisher, name)
        return Response(PriceSerializer(prices_of(package), many=True).data)

    @extend_schema(operation_id="create_price", request=PriceWriteSerializer, responses={201: PriceSerializer})
    def post(self, request: Request, publisher: str, name: str) -> Response:
        """Sell at this price too."""
        viewer, form = signed_in(request), PriceWriteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        terms = PriceTerms(
            Interval(said["interval"]),
            Money(said["amount"], said["currency"]),
            said["is_per_seat"],
            said["trial_days"],
            said["trial_needs_card"],
        )
        made = price_create(package=package_get(viewer, publisher, name), terms=terms, by=viewer)
        return Response(PriceSerializer(made).data, status=status.HTTP_201_CREATED)


class PriceDetail(SellingView):
    """One price."""

    @extend_schema(operation_id="stop_price", responses={204: None})
    def delete(self, request: Request, publisher: str, name: str, id: UUID) -> Response:  # noqa: A002  (the address's name)
        """Sell at it no more."""
        viewer = signed_in(request)
        price = prices_of(package_get(viewer, publisher, name)).filter(public_id=id).first()
        if price is None:
            raise NotFound("MP6019")
        price_stop(price=price, by=viewer)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PromotionList(SellingView):
    """The codes of one package, for who sells it."""

    @extend_schema(operation_id="list_promotions", responses=PromotionSerializer(many=True))
    def get(self, request: Request, publisher: str, name: str) -> Response:
        """The newest first."""
        package = _sold(signed_in(request), publisher, name)
        return Response(PromotionSerializer(promotions_of(package)[:100], many=True).data)

    @extend_schema(operation_id="create_promotion", request=PromotionSerializer, responses={201: PromotionSerializer})
    def post(self, request: Request, publisher: str, name: str) -> Response:
        """Make a code."""
        viewer, form = signed_in(request), PromotionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        made = promotion_create(
            package=package_get(viewer, publisher, name),
            code=said["code"],
            percent=said["percent_off"],
            months=said.get("months"),
            most_uses=said.get("most_uses"),
            expires_at=said.get("expires_at"),
            by=viewer,
        )
        return Response(PromotionSerializer(made).data, status=status.HTTP_201_CREATED)


class PromotionDetail(SellingView):
    """One code."""

    @extend_schema(operation_id="stop_promotion", responses={204: None})
    def delete(self, request: Request, publisher: str, name: str, id: UUID) -> Response:  # noqa: A002  (the address's name)
        """It is of no more use."""
        package = _sold(signed_in(request), publisher, name)
        found = Promotion.objects.select_related("package__publisher").filter(package=package, public_id=id).first()
        if found is None:
            raise NotFound("MP6019")
        promotion_stop(promotion=found, by=viewer_from(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class PaymentList(SellingView):
    """What was paid for one package, for who sells it."""

    @extend_schema(operation_id="list_payments", responses=PaymentSerializer(many=True))
    def get(self, request: Request, publisher: str, name: str) -> Response:
        """The newest hundred, with disputes."""
        package = _sold(signed_in(request), publisher, name)
        return Response(PaymentSerializer(payments_sold(package, most=PAYMENTS_MOST), many=True).data)


class PaymentRefund(SellingView):
    """Money given back."""

    @extend_schema(operation_id="refund_payment", request=RefundSerializer, responses={204: None})
    def post(self, request: Request, publisher: str, name: str, id: UUID) -> Response:  # noqa: A002  (the address's name)
        """A part or all of one payment."""
        package, form = _sold(signed_in(request), publisher, name), RefundSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        found = next((row for row in payments_sold(package, most=PAYMENTS_MOST) if str(row.public_id) == str(id)), None)
        if found is None:
            raise NotFound("MP6051")
        said = form.validated_data
        refund_give(payment=found, amount=said["amount"], reason=said["reason"], by=viewer_from(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class DisputeList(SellingView):
    """Payments that buyers' banks took back, for who sells."""

    @extend_schema(
        operation_id="list_disputes", parameters=[OpenApiParameter("state", str, enum=["open", "won", "lost"])],
        responses=SoldDisputeSerializer(many=True),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The newest hundred about packages whose prices the caller sets."""
        packages = list(packages_sold_by(signed_in(request))[:PACKAGES_MOST])
        found = disputes_sold(packages, state=request.query_params.get("state", ""), most=PAYMENTS_MOST)
        return Response(SoldDisputeSerializer(found, many=True).data)


class SaleList(SellingView):
    """Sales by package."""

    @extend_schema(operation_id="list_sales", responses=SoldSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Of every package whose prices the caller sets."""
        packages = list(packages_sold_by(signed_in(request))[:PACKAGES_MOST])
        return Response(SoldSerializer(sales_of(packages), many=True).data)
