"""The payments app."""

from __future__ import annotations

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Wires payments into Django."""

    name = "payments"
    verbose_name = "Payments"
