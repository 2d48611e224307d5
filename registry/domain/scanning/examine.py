"""One look at a package: every check that needs nothing but its files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from registry.domain.capabilities import Autonomy, CapabilitySet, Family, Reach
from registry.domain.scanning.flows import flows_in
from registry.domain.scanning.hidden import hidden_in
from registry.domain.scanning.matching import across, hits_of, is_defence_topic, less_of
from registry.domain.scanning.model import HOLDS, Hit, Known
from registry.domain.scanning.names import names_of
from registry.domain.scanning.nested import nested_contents
from registry.domain.scanning.secrets import secrets_in
from registry.domain.scanning.segments import sheets
from registry.domain.scanning.services import strays_in
from registry.domain.scanning.types import types_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from registry.domain.content import Content
    from registry.domain.manifest import Manifest

HITS_MOST = 1000


def examine(check: str, content: Content, manifest: Manifest, found: CapabilitySet, known: Known) -> Iterator[Hit]:
    """Run the check of that name; raises ValueError for a name that is none."""
    match check:
        case "behaviour":
            yield from behaviour(content, manifest)
        case "secrets":
            yield from (hit for sheet in sheets(content, segmented=False) for hit in secrets_in(sheet))
        case "hidden-text":
            yield from (hit for sheet in sheets(content, segmented=False) for hit in hidden_in(sheet))
        case "file-types":
            yield from types_of(content, known)
        case "nested-archives":
            yield from nested(content, manifest)
        case "hooks" | "install-scripts" | "description":
            yield from _of_capabilities(check, manifest, found)
        case "names":
            yield from names_of(known)
        case _:
            raise ValueError(check)


def _of_capabilities(check: str, manifest: Manifest, found: CapabilitySet) -> Iterator[Hit]:
    if check == "hooks":
        return hooks(found)
    return install_scripts(found) if check == "install-scripts" else description(manifest, found)


def behaviour(content: Content, manifest: Manifest) -> Iterator[Hit]:
    """What the files do and say, by the tables of rules."""
    told = f"{manifest.name} {manifest.description} {' '.join(manifest.keywords)} {manifest.category}"
    is_defence = is_defence_topic(told)
    hits: list[Hit] = []
    for sheet in sheets(content):
        hits += hits_of(sheet, is_defence=is_defence)
        hits += flows_in(sheet)
        hits += lighter(strays_in(sheet), less_of(sheet, is_defence=is_defence))
        if len(hits) > HITS_MOST:
            break
    yield from hits
    yield from across(hits)


def lighter(hits: Iterable[Hit], less: int) -> Iterator[Hit]:
    """The hits with that much less weight."""
    return (replace(hit, weight=hit.weight - less) for hit in hits)


def nested(content: Content, manifest: Manifest) -> Iterator[Hit]:
    """The same inside archives."""
    for path, inside in nested_contents(content):
        if isinstance(inside, Hit):
            yield inside
            continue
        for hit in (*behaviour(inside, manifest), *types_of(inside, Known())):
            if hit.weight >= HOLDS:
                yield Hit(
                    hit.rule, hit.code, hit.weight, f"{path}!/{hit.path}", hit.line, hit.excerpt, params=hit.params
                )


def hooks(found: CapabilitySet) -> Iterator[Hit]:
    """Things that run by themselves and fetch, reach out, or skip approval."""
    for item in found:
        place = item.places[0]
        if item.autonomy != Autonomy.UNASKED:
            continue
        if item.code == "download.script" or (
            item.code == "download.url" and not item.what.startswith("git+https://github.com/")
        ):
            yield Hit("hook.fetches", "MP3123", HOLDS, place.path, place.line, item.what)
        elif item.kind == "permission-mode":
            yield Hit("hook.approves", "MP3123", HOLDS, place.path, place.line, item.what)
        elif item.code == "env.variable" and item.what == "*":
            yield Hit("hook.environment", "MP3123", 6, place.path, place.line, item.what)
        elif item.code == "env.file":
            yield Hit("hook.credentials", "MP3123", 7, place.path, place.line, item.what)
        elif item.code == "download.npm":
            yield Hit("hook.unpinned", "MP3123", 3, place.path, place.line, item.what)


def install_scripts(found: CapabilitySet) -> Iterator[Hit]:
    """What npm would run when it installs the package; reaching out from there holds."""
    reaches = any(item.kind in {"download", "net"} and item.places[0].path == "package.json" for item in found)
    for item in found:
        if item.code == "exec.install":
            place = item.places[0]
            weight = HOLDS if reaches else 5
            yield Hit(
                "install.script", "MP3052", weight, place.path, place.line, item.what, params=(("script", item.detail),)
            )


QUIET = (
    "formatter",
    "format",
    "style",
    "calculator",
    "math",
    "translate",
    "grammar",
    "markdown",
    "palette",
    "naming",
    "joke",
)


def description(manifest: Manifest, found: CapabilitySet) -> Iterator[Hit]:
    """A package that calls itself something small, and reads credentials and reaches out by itself."""
    levels = found.levels()
    acts = {
        family for family, level in levels.items() if level.autonomy == Autonomy.UNASKED and level.reach > Reach.NONE
    }
    words = f"{manifest.name} {manifest.description}".lower()
    wants = {Family.NETWORK, Family.SECRETS} <= acts
    if wants and any(word in words for word in QUIET):
        yield Hit("told.small", "MP3119", HOLDS, "", params=(("name", manifest.name),))
