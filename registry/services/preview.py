"""An entry of a draft as its page will show it: read from the stored upload, nothing is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from marketplace.core.errors import NotFound
from registry.services.import_entries import entry_of
from registry.services.readme import ATTRIBUTE, main_document, readme_render

if TYPE_CHECKING:
    from registry.models import ImportEntry

PLACE = "#file-"
IMAGE = re.compile(r"<img\b[^>]*>")
FILES_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Preview:
    """Name, kind and number; what it can do; the text; licence, links and words; files with their sizes in bytes."""

    name: str
    kind: str
    number: str
    summary: str
    licence: str
    keywords: tuple[str, ...]
    capabilities: list[dict[str, Any]]
    readme: str
    files: list[tuple[str, int]]
    file_count: int
    size: int


def preview_of(row: ImportEntry) -> Preview:
    """The preview; raises NotFound MP9001 for an entry that was skipped or whose content is gone."""
    if row.content is None:
        raise NotFound("MP9001")
    entry = entry_of(row, row.content)
    content, manifest = entry.content, entry.manifest
    if content is None:
        raise NotFound("MP9001")
    sizes = sorted((path, len(file.data)) for path, file in content.items())
    return Preview(
        name=row.name,
        kind=row.kind,
        number=row.number,
        summary=row.summary,
        licence=manifest.license or "",
        keywords=tuple(manifest.keywords),
        capabilities=row.capabilities,
        readme=IMAGE.sub(_words, readme_render(main_document(content, manifest), files=PLACE)),
        files=sizes[:FILES_SHOWN],
        file_count=len(sizes),
        size=sum(size for _path, size in sizes),
    )


def _words(image: re.Match[str]) -> str:
    """Pictures of the package have no address before it is published: their text stands for them."""
    facts: dict[str, str] = dict(ATTRIBUTE.findall(image[0]))
    return facts.get("alt", "")
