"""Deliveries that a cache before the site writes down, one JSON object a line."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from installs.domain.npm_names import tarball_number

TARBALL = re.compile(r"(?:/npm)?/@(?P<publisher>[^/]+)/(?P<name>[^/]+)/-/(?P<file>[^/]+)")
ARTIFACT = re.compile(
    r"/artifacts/@(?P<publisher>[^/]+)/(?P<name>[^/]+)/(?P<number>[^/]+)/[0-9a-f]{64}/(?P<file>[^/]+)"
)


@dataclass(frozen=True, slots=True)
class Delivered:
    """Bytes of one version that left a cache: when, as which file, for which client at which address."""

    full_name: str
    number: str
    file: str
    is_npm: bool
    at: datetime
    client: str
    address: str


def delivered(line: str) -> Delivered | None:
    """The delivery of a line; None for one that is broken, means nothing of ours, or only compared digests."""
    try:
        told = json.loads(line)
        at = datetime.fromisoformat(told["at"]).astimezone(UTC)
        path, client, address = str(told["path"]), str(told["agent"]), str(told["address"])
    except (ValueError, KeyError, TypeError):
        return None
    tarball, artifact = TARBALL.fullmatch(path), ARTIFACT.fullmatch(path)
    match = tarball or artifact
    if match is None or told.get("check"):
        return None
    number = tarball_number(match["name"], match["file"]) if tarball else match["number"]
    name = f"@{match['publisher']}/{match['name']}"
    return Delivered(name, number, match["file"], tarball is not None, at, client, address) if number else None
