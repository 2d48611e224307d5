"""Answers that everybody gets, as they left once, to be given again until something of their package changes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from installs.services.downloads import Item

    Headers = list[tuple[str, str]]

KEEP = "market.keep"
MOST_BYTES = 4 * 1024 * 1024
"""Larger bodies are read from the store each time."""
BODY = frozenset({"content-type", "content-length", "content-encoding", "content-disposition", "accept-ranges"})
ONCE = frozenset({"x-request-id", "date"})


@dataclass(frozen=True, slots=True)
class Keep:
    """What a view says of its answer: everybody gets it while this package is as it is; `item` is delivered by it."""

    full_name: str
    item: Item | None = None


def keep(request: HttpRequest, full_name: str, item: Item | None = None) -> None:
    """Offer the answer to this request to whoever asks the same, with `item` written down each time."""
    request.META[KEEP] = Keep(full_name, item)


@dataclass(slots=True)
class Kept:
    """One answer: its headers, those of 304, the validator in them, and the marks that it was current under."""

    headers: Headers
    body: bytes
    keep: Keep
    site: str
    package: str
    until: float
    unchanged: Headers = field(default_factory=list)
    digest: str = ""

    def __post_init__(self) -> None:
        """Derive what 304 says."""
        self.unchanged = [(name, value) for name, value in self.headers if name.lower() not in BODY]
        etag = {name.lower(): value for name, value in self.headers}["etag"]
        self.digest = etag.strip('"').removesuffix("-gzip")

    @property
    def is_whole(self) -> bool:
        """Whether a delivery has the bytes that its validator, their SHA-256, names; a bad disk gives others."""
        return self.keep.item is None or hashlib.sha256(self.body).hexdigest() == self.digest

    @property
    def size(self) -> int:
        """About so many bytes of memory."""
        return len(self.body) + 2_000


def keepable(status: str, headers: Headers) -> Headers | None:
    """The headers to give again; None for an answer that is not everybody's, not whole, or too large."""
    told: Mapping[str, str] = {name.lower(): value for name, value in headers}
    length = told.get("content-length", "")
    is_shared = told.get("cache-control", "").startswith("public") and "set-cookie" not in told
    if not (status.startswith("200") and is_shared and told.get("etag") and length.isdecimal()):
        return None
    if int(length) > MOST_BYTES:
        return None
    return [(name, value) for name, value in headers if name.lower() not in ONCE]
