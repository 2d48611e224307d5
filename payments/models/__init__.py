"""The tables of payments."""

from __future__ import annotations

from payments.models.billing import BillingAccount

__all__ = ["BillingAccount"]
