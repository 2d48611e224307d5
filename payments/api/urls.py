"""Addresses of the API of payments, below /api/v1/."""

from __future__ import annotations

from django.urls import path, re_path

from payments.api import buying, events, selling

P = r"^packages/@(?P<publisher>[a-z0-9-]{1,39})/(?P<name>[a-z0-9._-]{1,64})"
ID = r"(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"

urlpatterns = [
    re_path(rf"{P}/prices$", selling.PriceList.as_view(), name="api-prices"),
    re_path(rf"{P}/prices/{ID}$", selling.PriceDetail.as_view(), name="api-price"),
    re_path(rf"{P}/promotions$", selling.PromotionList.as_view(), name="api-promotions"),
    re_path(rf"{P}/promotions/{ID}$", selling.PromotionDetail.as_view(), name="api-promotion"),
    re_path(rf"{P}/payments$", selling.PaymentList.as_view(), name="api-payments"),
    re_path(rf"{P}/payments/{ID}/refund$", selling.PaymentRefund.as_view(), name="api-payment-refund"),
    path("sales", selling.SaleList.as_view(), name="api-sales"),
    path("disputes", selling.DisputeList.as_view(), name="api-disputes"),
    path("payment-events", events.EventList.as_view(), name="api-payment-events"),
    path("payment-events/<uuid:id>/replay", events.EventReplay.as_view(), name="api-payment-event-replay"),
    path("orders", buying.OrderList.as_view(), name="api-orders"),
    path("orders/<uuid:id>", buying.OrderDetail.as_view(), name="api-order"),
    path("licences", buying.LicenceList.as_view(), name="api-licences"),
    path("licences/<uuid:id>", buying.LicenceDetail.as_view(), name="api-licence"),
    path("licences/<uuid:id>/entitlement", buying.LicenceEntitlement.as_view(), name="api-entitlement"),
    path("licences/<uuid:id>/preview", buying.LicencePreview.as_view(), name="api-licence-preview"),
    path("licences/<uuid:id>/payments", buying.LicencePayments.as_view(), name="api-licence-payments"),
    path("licences/<uuid:id>/billing", buying.LicenceBilling.as_view(), name="api-licence-billing"),
    path("licences/<uuid:id>/seats", buying.SeatList.as_view(), name="api-seats"),
    path("licences/<uuid:id>/seats/<uuid:seat>", buying.SeatDetail.as_view(), name="api-seat"),
]
