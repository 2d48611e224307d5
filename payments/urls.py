"""Addresses of orders, licences and sales; all of them 404 where nothing is sold."""

from __future__ import annotations

from django.urls import path, re_path

from payments.views import licences, orders, selling, webhooks

P = r"^@(?P<publisher>[a-z0-9-]{1,39})/(?P<name>[a-z0-9._-]{1,64})"
ID = r"(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"

urlpatterns = [
    path("payments/webhooks/stripe", webhooks.stripe, name="stripe-webhook"),
    path("orders/<uuid:id>", orders.order, name="order"),
    path("orders/<uuid:id>/pay", orders.order_pay, name="order-pay"),
    path("licences", licences.licences, name="licences"),
    path("licences/<uuid:id>", licences.licence, name="licence"),
    path("licences/<uuid:id>/change-seats", licences.seats_page, name="licence-seats"),
    path("licences/<uuid:id>/<slug:act>", licences.licence_act, name="licence-act"),
    path("sales", selling.sales, name="sales"),
    re_path(rf"{P}/buy$", orders.order_new, name="buy"),
    re_path(rf"{P}/prices$", selling.prices, name="prices"),
    re_path(rf"{P}/prices/{ID}/stop$", selling.price_stop, name="price-stop"),
    re_path(rf"{P}/codes$", selling.promotion_new, name="promotion-new"),
    re_path(rf"{P}/codes/{ID}/stop$", selling.promotion_stop, name="promotion-stop"),
    re_path(rf"{P}/payments/{ID}/refund$", selling.refund, name="payment-refund"),
]
