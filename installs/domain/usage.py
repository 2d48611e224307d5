"""Usage facts: what is written down when people look for, look at and install packages, and what of a request tells it.

Definitions of the numbers made from them stand in docs/numbers.md.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

QUERY_MOST = 80
BOTS = re.compile(
    r"bot|crawl|spider|slurp|preview|monitor|curl/|wget/|python-requests|headless|\bci/[a-z]|^$", re.IGNORECASE
)
"""Programs that nobody sits before; npm says `ci/NAME` when a build server runs it."""


class Kind(StrEnum):
    """What happened; `delivery` is only on its way and becomes an install, an update or nothing."""

    IMPRESSION = "impression"
    VIEW = "view"
    SEARCH = "search"
    CLICK = "click"
    START = "start"
    DELIVERY = "delivery"
    INSTALL = "install"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened: to a package (0: none), from a search or none, at a place in its results or none.

    `found` is the number of results of a search; `version_id` and `holding` (a keyed hash of who has which package)
    belong to deliveries.
    """

    kind: Kind
    package_id: int = 0
    query: str = ""
    rank: int | None = None
    found: int | None = None
    version_id: int = 0
    holding: str = ""


EMPTY = {one.name: one.default for one in fields(Happened)}


@dataclass(frozen=True, slots=True)
class Noted:
    """What one request did: when, by whom (a hash of that day), and whether a program did it by itself."""

    day: date
    at: datetime
    who: str
    is_bot: bool
    things: tuple[Happened, ...]

    def packed(self) -> str:
        """As one line of JSON."""
        things = [
            {key: value for key, value in asdict(thing).items() if value not in (None, "")} for thing in self.things
        ]
        return json.dumps([self.day.isoformat(), self.at.isoformat(), self.who, self.is_bot, things])


def unpacked(line: str) -> Noted | None:
    """What `packed` made; None for anything else."""
    try:
        day, at, who, is_bot, things = json.loads(line)
        told = tuple(Happened(**{**thing, "kind": Kind(thing["kind"])}) for thing in things)
        return Noted(date.fromisoformat(day), datetime.fromisoformat(at), str(who)[:32], bool(is_bot), told)
    except (ValueError, TypeError, KeyError):
        return None


def query_plain(text: str) -> str:
    """The words of a search as they are kept: small letters, single spaces, at most QUERY_MOST characters."""
    return " ".join(text.replace("\0", " ").lower().split())[:QUERY_MOST]


def impressions(package_ids: Iterable[int], *, query: str = "", first: int = 1) -> Iterator[Happened]:
    """One for each package of a list that was shown; `first` is the rank of the first one."""
    for rank, package_id in enumerate(package_ids, first):
        yield Happened(Kind.IMPRESSION, package_id, query=query_plain(query), rank=rank)


def search_of(referrer: str, host: str) -> str | None:
    """The words of the search on `host` from whose results a page was opened; None when it was not."""
    parts = urlsplit(referrer)
    if parts.netloc != host or parts.path != "/search":
        return None
    try:
        asked = parse_qs(parts.query, max_num_fields=100)
    except ValueError:
        return None
    return query_plain(asked.get("q", [""])[0])
