"""The ground in the administration."""

from __future__ import annotations

from marketplace.admin import accounts, work
from marketplace.core.admin import rest

__all__ = ["accounts", "work"]

rest("marketplace")
