"""A version as an entry of a marketplace: what it says of itself, and what it needs of its neighbours."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings

from installs.domain.marketplace_document import Entry
from installs.domain.requirements import required_names
from registry.domain.formats import plugin_entry
from registry.domain.manifest import Author, Manifest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from installs.domain.marketplace_document import Archive
    from registry.models import Version

RELEVANCE_MOST = 2000
TOPIC_MOST = 64


def entry_of(version: Version, *, name: str, source: str | Archive, names: Mapping[str, str]) -> Entry:
    """The entry `name`; `names` are the entry names of the same marketplace by full name, for its dependencies.

    `version` comes with `package__publisher` joined. What it needs and the marketplace has not is not named: a client
    would not load the entry at all.
    """
    told = version.manifest
    manifest = Manifest(
        kind=version.package.kind,
        format=version.format,
        name=version.package.name,
        description=told.get("description") or told.get("summary") or "",
        license=told.get("license") or "",
        author=Author(name=(told.get("author") or {}).get("name") or ""),
        keywords=tuple(told.get("keywords") or ()),
        category=told.get("category") or "",
    )
    facts = plugin_entry(manifest.kind, manifest)
    needed = [names[other] for other in required_by(version) if other in names and names[other] != name]
    if needed:
        facts["dependencies"] = needed
    if relevance := _relevance(told.get("raw") or {}):
        facts["relevance"] = relevance
    return Entry(name, version.number, source, facts)


def required_by(version: Version) -> list[str]:
    """The full names of the packages that the version needs."""
    sites = frozenset({settings.SITE_SLUG, f"{settings.SITE_SLUG}-catalogue"})
    return required_names(version.package.publisher.name, version.manifest.get("requires") or (), sites=sites)


def _relevance(raw: Mapping[str, Any]) -> dict[str, Any]:
    """When the package says that it helps, as clients take it: a topic, and signals of modest size."""
    said = raw.get("relevance")
    if not isinstance(said, dict):
        return {}
    found: dict[str, Any] = {}
    topic, signals = said.get("topic"), said.get("signals")
    if isinstance(topic, str) and 0 < len(topic) <= TOPIC_MOST:
        found["topic"] = topic
    if isinstance(signals, dict) and len(json.dumps(signals)) <= RELEVANCE_MOST:
        found["signals"] = signals
    return found
