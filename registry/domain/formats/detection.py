"""The order in which formats are looked for: the most telling file first."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from registry.domain.archives import unwrap, wrapping
from registry.domain.findings import Finding
from registry.domain.formats import apm, marketplace
from registry.domain.formats.entry import Detection, Entry
from registry.domain.formats.jsons import peek
from registry.domain.formats.loose import Loose
from registry.domain.formats.plugins import MANIFESTS, read_plugin, usable_version
from registry.domain.formats.servers import is_bundle, is_server_json, read_mcp
from registry.domain.formats.singles import card_entry, skill_entry
from registry.domain.names import NameRefused, check_package_name, slugify

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.domain.content import Content

CARDS = ("agent-card.json", "agent.json", ".well-known/agent-card.json", ".well-known/agent.json")
HEAD_MOST = 64 * 1024
ENTRIES_MOST = 1000
HEADS_MOST = 4 * 1024 * 1024


def detect(content: Content, *, split: bool = False) -> Detection:
    """Every package in `content`, in its root or in the one folder that wraps everything.

    With `split` (repositories), loose skills, agents and commands are a package each; else several make one plugin.
    Never raises: what cannot be used is a finding.
    """
    folder = wrapping(content)
    content = unwrap(content)
    if _heads(content) > HEADS_MOST:
        return Detection("none", findings=(Finding("MP2079", "error", params={"limit": HEADS_MOST}),))
    found = _detected(content, posixpath.basename(folder), split=split)
    if len(found.entries) > ENTRIES_MOST:
        return Detection(found.format, findings=(Finding("MP2076", "error", params={"limit": ENTRIES_MOST}),))
    found = _with_package_json(found, content)
    return replace(found, entries=tuple(_with_usable_name(entry) for entry in found.entries))


def _detected(content: Content, folder: str, *, split: bool) -> Detection:
    for look in (_marketplace, _plugin, _mcpb, _server_json, _card):
        if (found := look(content)) is not None:
            return found
    if "SKILL.md" in content:
        return Detection("agent-skill", (skill_entry(content, "SKILL.md", folder),))
    if apm.PATH in content:
        return Detection(apm.FORM, (apm.read_apm(content),))
    loose = Loose(content)
    if split:
        return loose.apart() or _mcp_json(content) or _refused(content)
    servers = None if loose.skills else _mcp_json(content)
    return servers or loose.together() or _refused(content)


def _heads(content: Content) -> int:
    """How many bytes of YAML reading the Markdown files would take."""
    heads = (content[path].data[:HEAD_MOST] for path in content if path.endswith(".md"))
    return sum(head.find(b"\n---", 3) + 1 for head in heads if head.startswith(b"---"))


def _with_usable_name(entry: Entry) -> Entry:
    """With an error when nothing can be published under the entry's name."""
    try:
        check_package_name(entry.name)
    except NameRefused as refused:
        if entry.is_usable:
            found = Finding(refused.code, "error", entry.source_path, params=refused.params)
            return replace(entry, findings=(*entry.findings, found))
    return entry


def _marketplace(content: Content) -> Detection | None:
    return marketplace.read_marketplace(content) if marketplace.PATH in content else None


def _plugin(content: Content) -> Detection | None:
    path = next((path for path in MANIFESTS if path in content), None)
    return Detection(MANIFESTS[path], (read_plugin(content, path),)) if path else None


def _mcpb(content: Content) -> Detection | None:
    return _mcp(content, "manifest.json", is_bundle)


def _server_json(content: Content) -> Detection | None:
    return _mcp(content, "server.json", is_server_json)


def _mcp_json(content: Content) -> Detection | None:
    return _mcp(content, ".mcp.json", lambda _: True)


def _mcp(content: Content, path: str, fits: Callable[[dict[str, Any]], bool]) -> Detection | None:
    if path not in content or not fits(peek(content, path)):
        return None
    entry = read_mcp(content, path)
    return Detection(entry.format, (entry,))


def _card(content: Content) -> Detection | None:
    for path in CARDS:
        raw = peek(content, path) if path in content else {}
        if raw.get("skills") is not None and raw.get("capabilities") is not None:
            return Detection("a2a-card", (card_entry(content, path, raw),))
    return None


def _refused(content: Content) -> Detection:
    if "package.json" in content:
        return Detection("none", findings=(Finding("MP2081", "error", "package.json", 1),))
    if any(posixpath.basename(path) == "AGENTS.md" for path in content):
        return Detection("none", findings=(Finding("MP2082", "error", "AGENTS.md", 1),))
    return Detection("none", findings=(Finding("MP2080", "error"),))


def _with_package_json(found: Detection, content: Content) -> Detection:
    """An npm package's own name and version stand in where the agent format says none."""
    if "package.json" not in content or len(found.entries) != 1:
        return found
    raw, entry = peek(content, "package.json"), found.entries[0]
    version = entry.version or usable_version(raw.get("version"))
    plain = slugify(str(raw.get("name") or "").rsplit("/", 1)[-1])
    name = plain if entry.name == "unnamed" and plain else entry.name
    manifest = replace(entry.manifest, version=version, name=name)
    return replace(found, entries=(replace(entry, version=version, name=name, manifest=manifest),))
