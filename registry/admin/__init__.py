"""The registry in the administration."""

from __future__ import annotations

from marketplace.core.admin import rest
from registry.admin import catalogue, versions

__all__ = ["catalogue", "versions"]

rest("registry")
