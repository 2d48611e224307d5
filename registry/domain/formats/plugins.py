"""Plugins: plugin.json of Claude Code, Codex and Cursor, gemini-extension.json, and folders of components."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypedDict

from registry.domain.findings import Finding
from registry.domain.formats.components import Gathering
from registry.domain.formats.entry import Entry
from registry.domain.formats.jsons import JsonRefused, line_of, read_object, text_of, texts_of
from registry.domain.manifest import Author, Manifest
from registry.domain.names import slugify
from registry.domain.semver import coerce

if TYPE_CHECKING:
    from registry.domain.content import Content
    from registry.domain.manifest import Components

MANIFESTS = {
    ".claude-plugin/plugin.json": "claude-plugin",
    ".codex-plugin/plugin.json": "codex-plugin",
    ".cursor-plugin/plugin.json": "cursor-plugin",
    "gemini-extension.json": "gemini-extension",
}
KEYS = frozenset(
    """$schema name displayName version description author homepage repository license keywords defaultEnabled
    dependencies engines network userConfig commands agents skills hooks mcpServers lspServers monitors outputStyles
    themes workflows channels settings binaries experimental category tags interface apps icon logo modules
    contextFileName excludeTools migratedTo plan""".split()
)
ID = re.compile(r"[A-Za-z0-9][-A-Za-z0-9._]*")
LEAD_MOST = 200
README = re.compile(r"readme(\.(md|markdown|txt|rst))?", re.IGNORECASE)
CHANGELOG = re.compile(r"(changelog|changes|history)(\.(md|markdown|txt))?", re.IGNORECASE)
LICENCE = re.compile(r"(licen[cs]e|copying)(\.(md|txt))?", re.IGNORECASE)


def read_plugin(content: Content, path: str) -> Entry:
    """The plugin whose manifest stands at `path`."""
    form = MANIFESTS[path]
    try:
        raw = read_object(content[path].data, path)
    except JsonRefused as refused:
        return broken(content, form, refused.finding)
    return plugin_of(content, raw, form=form, path=path)


def plugin_of(content: Content, raw: dict[str, Any], *, form: str, path: str, source_path: str = "") -> Entry:
    """A plugin from its parsed manifest."""
    gathering = Gathering(content, raw, path)
    components = gathering.components()
    findings = [*manifest_findings(raw, content[path].data if path in content else b"", path), *gathering.findings]
    if not components.count and form != "gemini-extension":
        findings.append(Finding("MP2052", "warning", path))
    manifest = manifest_of(raw, kind="plugin", form=form, content=content, components=components)
    return Entry("plugin", form, manifest.name, manifest.version, manifest, content, tuple(findings), source_path)


def broken(content: Content, form: str, finding: Finding, kind: str = "plugin") -> Entry:
    """An entry that cannot be used, with the reason."""
    manifest = Manifest(kind=kind, format=form, name="unnamed")
    return Entry(kind, form, manifest.name, None, manifest, content, (finding,))


def manifest_findings(raw: dict[str, Any], data: bytes, path: str) -> list[Finding]:
    """What a plugin's manifest says wrongly (clients' own rules)."""
    found = []
    name = raw.get("name")
    if not isinstance(name, str) or not name.strip():
        found.append(Finding("MP2053", "error", path, 1, {"path": path}))
    elif not ID.fullmatch(name) or name != name.lower():
        found.append(Finding("MP2054", "warning", path, line_of(data, "name"), {"name": name[:80]}))
    if not text_of(raw.get("description")):
        found.append(Finding("MP2023", "warning", path, 1, {"path": path}))
    if raw.get("version") is not None and usable_version(raw.get("version")) is None:
        found.append(
            Finding("MP2055", "warning", path, line_of(data, "version"), {"version": str(raw["version"])[:60]})
        )
    if raw.get("author") is not None and not isinstance(raw["author"], dict):
        found.append(Finding("MP2056", "warning", path, line_of(data, "author"), {"key": "author"}))
    unknown = sorted(set(map(str, raw)) - KEYS)
    return found + [Finding("MP2027", "info", path, line_of(data, key), {"key": key[:60]}) for key in unknown[:10]]


def usable_version(value: Any) -> str | None:
    """The semantic version that a manifest means; None when it means none."""
    version = coerce(value) if isinstance(value, str) else None
    return str(version) if version is not None else None


def manifest_of(
    raw: dict[str, Any], *, kind: str, form: str, content: Content, components: Components, fallback: str = ""
) -> Manifest:
    """The common facts of any JSON manifest."""
    name = text_of(raw.get("name"), 200)
    plain = name.rsplit("/", 1)[-1]
    return Manifest(
        kind=kind,
        format=form,
        name=plain if ID.fullmatch(plain) and plain == plain.lower() else slugify(plain) or fallback or "unnamed",
        version=usable_version(raw.get("version")),
        title=text_of(raw.get("displayName") or raw.get("display_name") or raw.get("title"), 120),
        description=text_of(raw.get("description")),
        license=licence_of(raw.get("license")),
        homepage=text_of(raw.get("homepage") or raw.get("websiteUrl"), 300),
        repository=address_of(raw.get("repository")),
        author=author_of(raw.get("author")),
        keywords=tuple(word[:50] for word in texts_of(raw.get("keywords") or raw.get("tags")))[:30],
        category=text_of(raw.get("category"), 60),
        requires=tuple(requirements_of(raw.get("dependencies"))) if kind == "plugin" else (),
        components=components,
        raw=raw,
        **papers(content),
    )


class Papers(TypedDict):
    """The paths of a package's papers; empty text for one that it has not."""

    readme_path: str
    changelog_path: str
    license_path: str


def papers(content: Content) -> Papers:
    """Where README, changelog and licence lie, when they lie at the root."""
    return {
        "readme_path": _first(content, README),
        "changelog_path": _first(content, CHANGELOG),
        "license_path": _first(content, LICENCE),
    }


def _first(content: Content, pattern: re.Pattern[str]) -> str:
    return next((path for path in content if pattern.fullmatch(path)), "")


def lead_of(content: Content) -> str:
    """The README's first sentence that is no heading, for formats that have no description."""
    path = papers(content)["readme_path"]
    for block in content.text(path).split("\n\n") if path else ():
        text = " ".join(block.split())
        if text and not text.startswith(("#", "!", "[", "<", "|", "`", "-")):
            return text if len(text) <= LEAD_MOST else f"{text[:LEAD_MOST].rsplit('. ', 1)[0].rstrip('. ')}."
    return ""


def author_of(value: Any) -> Author:
    """An author as a map, or as npm writes it: `Name <mail> (address)`."""
    if isinstance(value, dict):
        return Author(text_of(value.get("name"), 120), text_of(value.get("email"), 254), text_of(value.get("url"), 300))
    return Author(text_of(value, 120).split("<")[0].strip())


def address_of(value: Any) -> str:
    """A repository's address from a text or a map."""
    text = text_of(value.get("url") if isinstance(value, dict) else value, 300)
    return text.removeprefix("git+").removesuffix(".git")


def licence_of(value: Any) -> str:
    """An SPDX expression, from a text or the old map form."""
    return text_of(value.get("type") if isinstance(value, dict) else value, 80)


def requirements_of(value: Any) -> list[dict[str, str]]:
    """Dependencies: `name`, `name@marketplace`, or maps with name and version."""
    found = []
    for item in value if isinstance(value, list) else []:
        name = text_of(item.get("name") if isinstance(item, dict) else item, 120)
        wanted = text_of(item.get("version"), 80) if isinstance(item, dict) else ""
        if name:
            bare, _, origin = name.partition("@") if not name.startswith("@") else (name, "", "")
            found.append({"name": bare, "version": wanted, "marketplace": origin})
    return found
