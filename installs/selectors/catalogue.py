"""The stored catalogue of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installs.models import SiteDocument
from marketplace.core.errors import NotFound

if TYPE_CHECKING:
    from datetime import datetime

NAME = "claude-catalogue"


def catalogue_stamp() -> tuple[str, datetime]:
    """ETag and time of the last change; raises NotFound MP9001 while nothing was ever published."""
    found = SiteDocument.objects.filter(name=NAME).values_list("etag", "modified_at").first()
    if found is None:
        raise NotFound("MP9001")
    return found


def catalogue_body() -> tuple[bytes, bytes]:
    """The bytes, plain and gzip."""
    row = SiteDocument.objects.get(name=NAME)
    return bytes(row.body), bytes(row.packed)
