"""Claude Code's marketplace.json: one package for each entry."""

from __future__ import annotations

import json
import posixpath
from typing import TYPE_CHECKING, Any

from registry.domain.content import Content, File
from registry.domain.findings import Finding
from registry.domain.formats.entry import Detection, Entry
from registry.domain.formats.jsons import JsonRefused, line_of, read_object, text_of
from registry.domain.formats.plugins import MANIFESTS, plugin_of
from registry.domain.manifest import Manifest
from registry.domain.names import slugify

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = ".claude-plugin/marketplace.json"
PLUGIN = ".claude-plugin/plugin.json"
LISTS = ("commands", "agents", "skills")
SHARED = ("README.md", "CHANGELOG.md", "LICENSE", "LICENSE.md", "LICENSE.txt")
OWN = {"source", "strict", "relevance", "headers", "headersHelper"}
ENTRIES_MOST = 1000
FILES_MOST = 100_000


def read_marketplace(content: Content) -> Detection:
    """The packages of the marketplace in `content`."""
    data = content[PATH].data
    try:
        raw = read_object(data, PATH)
    except JsonRefused as refused:
        return Detection("claude-marketplace", findings=(refused.finding,))
    plugins = raw.get("plugins")
    if not isinstance(plugins, list) or not plugins:
        return Detection("claude-marketplace", findings=(Finding("MP2070", "error", PATH, line_of(data, "plugins")),))
    metadata = raw.get("metadata")
    base = text_of(metadata.get("pluginRoot")) if isinstance(metadata, dict) else ""
    name = text_of(raw.get("name"))
    if len(plugins) > ENTRIES_MOST:
        found = Finding("MP2076", "error", PATH, line_of(data, "plugins"), {"limit": ENTRIES_MOST})
        return Detection("claude-marketplace", findings=(found,))
    entries: list[Entry] = []
    files = 0
    for at, item in enumerate(plugins):
        entry = _entry(content, item, base, at, name)
        files += len(entry.content)
        entries.append(entry if files <= FILES_MOST else _skipped(entry.name, "MP2077", {"limit": FILES_MOST}))
    return Detection("claude-marketplace", _named_once(entries))


def _entry(content: Content, item: Any, base: str, at: int, marketplace: str) -> Entry:
    if not isinstance(item, dict) or not text_of(item.get("name")):
        return _skipped(f"entry-{at + 1}", "MP2071", {"position": at + 1})
    name, source = text_of(item["name"], 128), item.get("source")
    if not isinstance(source, str):
        return _skipped(name, "MP3044", {"source": _elsewhere(source)})
    root = posixpath.normpath(posixpath.join(base, source)).lstrip("/")
    if root == ".." or root.startswith("../"):
        return _skipped(name, "MP2050", {"path": source[:200]})
    own = _without_marketplace(content if root == "." else content.below(root))
    if not own:
        return _skipped(name, "MP2051", {"path": source[:200]})
    return _plugin(own, item, "" if root == "." else root, marketplace)


def _without_marketplace(own: Content) -> Content:
    """A plugin's folder may be a marketplace too; the package is the plugin alone."""
    return Content({path: file for path, file in own.items() if path != PATH}) if PATH in own else own


def _elsewhere(source: Any) -> str:
    """Where an entry's files lie, as its reader would look for them."""
    facts = source if isinstance(source, dict) else {}
    keys = ("source", "url", "repo", "package", "path")
    return " ".join(text_of(facts.get(key), 200) for key in keys if text_of(facts.get(key))) or "unknown"


def _plugin(own: Content, item: dict[str, Any], root: str, marketplace: str) -> Entry:
    path = next((path for path in MANIFESTS if path in own), "")
    raw: dict[str, Any] = {key: value for key, value in item.items() if key not in OWN}
    findings: list[Finding] = []
    added: list[str] = []
    strict = item.get("strict", True)
    if path:
        try:
            manifest = read_object(own[path].data, path)
        except JsonRefused as refused:
            return _skipped(text_of(item["name"], 128), refused.finding.code, dict(refused.finding.params))
        if strict is False and any(manifest.get(key) for key in (*LISTS, "hooks", "mcpServers")):
            findings.append(Finding("MP2072", "warning", path))
        if manifest.get("name") != item["name"]:
            findings.append(Finding("MP2073", "warning", path, params={"inside": text_of(manifest.get("name"), 80)}))
        added = sorted(set(raw) - set(manifest))
        if added:
            findings.append(Finding("MP2078", "info", path, params={"keys": ", ".join(added)[:200]}))
        raw = {**raw, **manifest, "name": item["name"]}
        added = added or [key for key in ("name",) if manifest.get(key) != item[key]]
    if strict is False or not root:
        own = _narrowed(own, item)
    if not path or added:
        path, own = PLUGIN, _described(own, raw)
    if item["name"] == marketplace:
        findings.append(Finding("MP2074", "info", PATH, params={"name": marketplace}))
    entry = plugin_of(own, raw, form=MANIFESTS[path], path=path, source_path=root)
    return Entry(
        entry.kind, entry.format, entry.name, entry.version, entry.manifest, own, (*entry.findings, *findings), root
    )


def _described(own: Content, raw: dict[str, Any]) -> Content:
    """With a plugin.json that says what the marketplace's entry says: the package must stand for itself."""
    body = json.dumps(raw, indent=2, ensure_ascii=False).encode() + b"\n"
    return Content({**own, PLUGIN: File(body)})


def _narrowed(own: Content, item: dict[str, Any]) -> Content:
    """Only what the entry names (and the papers), when it names anything: its folder may be shared with others."""
    named = [posixpath.normpath(path).lstrip("/") for path in _paths(item)]
    if not named or "." in named:
        return own
    return Content(
        {
            path: file
            for path, file in own.items()
            if path in SHARED or any(path == place or path.startswith(f"{place}/") for place in named)
        }
    )


def _paths(item: dict[str, Any]) -> Iterator[str]:
    for key in (*LISTS, "hooks", "mcpServers", "outputStyles"):
        value = item.get(key)
        values = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        yield from (path for path in values if isinstance(path, str))


def _skipped(name: str, code: str, params: dict[str, Any]) -> Entry:
    plain = slugify(name) or "unnamed"
    manifest = Manifest(kind="plugin", format="claude-marketplace-entry", name=plain)
    finding = Finding(code, "error", PATH, params=params)
    return Entry("plugin", manifest.format, plain, None, manifest, Content({}), (finding,), "")


def _named_once(entries: list[Entry]) -> tuple[Entry, ...]:
    """The second entry of a name is refused: names are what packages are called by."""
    seen: set[str] = set()
    found = []
    for entry in entries:
        if entry.name in seen:
            found.append(_skipped(entry.name, "MP2075", {"name": entry.name}))
        else:
            found.append(entry)
        seen.add(entry.name)
    return tuple(found)
