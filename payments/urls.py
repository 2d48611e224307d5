"""Addresses of orders, licences and sales."""

from __future__ import annotations

from django.urls import path

from payments.views import webhooks

urlpatterns = [
    path("payments/webhooks/stripe", webhooks.stripe, name="stripe-webhook"),
]
