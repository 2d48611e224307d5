"""What strangers' bytes go through, as functions of bytes: tests and `script/fuzz` run the same ones.

A target ends for every input, raises nothing but what it says it refuses with, and gives what can be stored.
"""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING

from registry.clients.scanner.work import work
from registry.domain.archives import ArchiveRefused, Limits, read_archive
from registry.domain.capabilities import CapabilitySet, gather, parts_of
from registry.domain.content import Content, File
from registry.domain.formats import detect
from registry.domain.frontmatter import read_frontmatter
from registry.domain.packing import pack_zip
from registry.domain.scanning import CHECKS

if TYPE_CHECKING:
    from collections.abc import Callable

PLUGIN = b'{"name": "kit", "version": "1.0.0", "description": "A kit."}'
SKILL = b"---\nname: kit\ndescription: A kit.\n---\nRead the plan.\n"
SMALL = Limits(packed=1 << 20, unpacked=1 << 22, file=1 << 21, files=200)
UNSAFE = re.compile(r"<script|<iframe|<style|<[a-z][^>]*\s(?:on\w+|style)=|<[^>]+=\"\s*(?:javascript|data|vbscript):")


def archive(data: bytes) -> None:
    """An upload: refused, or files whose paths stay inside."""
    try:
        content = read_archive(io.BytesIO(data), limits=SMALL)
    except ArchiveRefused:
        return
    for path in content:
        assert not path.startswith("/")
        assert ".." not in path.split("/")
        assert "\0" not in path


def frontmatter(data: bytes) -> None:
    """The head of a Markdown file: fields that JSON and the database can hold."""
    read = read_frontmatter(data.decode("utf-8", "replace"), "x.md")
    written = json.dumps(read.fields, ensure_ascii=False, allow_nan=False)
    assert "\\u0000" not in written.replace("\\\\", "")


def markdown(data: bytes) -> None:
    """A README: HTML in which nothing runs."""
    from registry.services.readme import readme_render  # noqa: PLC0415  (the only target that needs Django)

    assert not UNSAFE.search(readme_render(data.decode("utf-8", "replace"), files="/@acme/kit/files/1.0.0/"))


def hooks(data: bytes) -> None:
    """hooks.json of a plugin."""
    _package({".claude-plugin/plugin.json": PLUGIN, "hooks/hooks.json": data})


def servers(data: bytes) -> None:
    """.mcp.json of a plugin, and its monitors and language servers."""
    _package(
        {".claude-plugin/plugin.json": PLUGIN, ".mcp.json": data, ".lsp.json": data, "monitors/monitors.json": data}
    )


def manifest(data: bytes) -> None:
    """plugin.json."""
    _package({".claude-plugin/plugin.json": data, "skills/kit/SKILL.md": SKILL})


def text(data: bytes) -> None:
    """A skill, an agent and a command."""
    _package(
        {".claude-plugin/plugin.json": PLUGIN, "skills/kit/SKILL.md": data, "agents/a.md": data, "commands/c.md": data}
    )


def scan(data: bytes) -> None:
    """Every check on a package of these bytes: none dies, so that none has to be passed over."""
    files = {"SKILL.md": SKILL + data, "scripts/run.sh": data, "scripts/run.py": data, "notes.bin": data}
    content = Content({path: File(value) for path, value in files.items()})
    report = work({"checks": [check.name for check in CHECKS], "names": ["kitten"]}, pack_zip(content))
    assert {name: told["error"] for name, told in report["checks"].items() if told["error"]} == {}


def _package(files: dict[str, bytes]) -> None:
    """The package is read, and what it can do is stored and read again as the same."""
    for entry in detect(Content({path: File(value) for path, value in files.items()})).entries:
        found = gather(entry.content, entry.manifest)
        json.dumps(entry.manifest.as_json(), ensure_ascii=False, allow_nan=False).encode()
        stored = json.dumps(found.as_json(), ensure_ascii=False, allow_nan=False).encode()
        assert CapabilitySet.of_json(json.loads(stored)).digest == found.digest
        assert found.contains(found)
        parts_of(entry.manifest, entry.content)


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (archive, frontmatter, markdown, hooks, servers, manifest, text, scan)
}
