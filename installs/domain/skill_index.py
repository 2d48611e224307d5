"""The indexes by which clients discover skills (agentskills.io discovery 0.2.0, and the form before it)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from registry.domain.names import is_skill_name

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMA = "https://schemas.agentskills.io/discovery/0.2.0/schema.json"
SKILLS_MOST = 50
"""Clients fetch everything that an index names, even to install one."""

FILES_MOST = 1000
DESCRIPTION_MOST = 1024
MANUAL = "SKILL.md"


@dataclass(frozen=True, slots=True)
class SkillOffer:
    """One skill: its zip with the SHA-256 (hex), and its files for clients that fetch them one by one."""

    name: str
    description: str
    version: str
    url: str
    sha256: str
    files: tuple[str, ...] = field(default=())


def usable(offers: Iterable[SkillOffer]) -> list[SkillOffer]:
    """Those that clients take, the first of each name, at most SKILLS_MOST: one bad entry voids an older index."""
    found: dict[str, SkillOffer] = {}
    for offer in offers:
        if _is_usable(offer) and offer.name not in found:
            found[offer.name] = offer
    return list(found.values())[:SKILLS_MOST]


def _is_usable(offer: SkillOffer) -> bool:
    is_plain = all(".." not in path and not path.startswith(("/", "\\")) for path in offer.files)
    is_named = is_skill_name(offer.name) and bool(offer.description.strip())
    return is_named and is_plain and MANUAL in offer.files and len(offer.files) <= FILES_MOST


def archives(offers: Iterable[SkillOffer]) -> dict[str, Any]:
    """The index of 0.2.0."""
    entries = [
        {
            "name": offer.name,
            "type": "archive",
            "description": offer.description[:DESCRIPTION_MOST],
            "url": offer.url,
            "digest": f"sha256:{offer.sha256}",
        }
        for offer in offers
    ]
    return {"$schema": SCHEMA, "skills": entries}


def files(offers: Iterable[SkillOffer]) -> dict[str, Any]:
    """The index before it: files stand beside it, below the skill's name; another version is fetched anew."""
    entries = [
        {
            "name": offer.name,
            "description": offer.description[:DESCRIPTION_MOST],
            "version": offer.version,
            "files": [MANUAL, *sorted(path for path in offer.files if path != MANUAL)],
        }
        for offer in offers
    ]
    return {"skills": entries}
