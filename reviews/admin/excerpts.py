"""Findings in the files that they hit: a few lines around each, the hit ones marked, what the rule says below."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from marketplace.core.codes import CODES, fix, sentence
from registry.domain.archives import read_stored
from registry.models import Version
from registry.services.artifacts import artifact_open

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.domain.content import Content

FINDINGS_MOST = 60
AROUND = 3
FILES_MOST = 12
LINE_MOST = 400
TEXT_MOST = 1_000_000
ORDER = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Hit:
    """One finding in words."""

    code: str
    severity: str
    says: str
    fix: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number (0 for a gap), its text, how it is marked, and what is said below it."""

    number: int
    text: str = ""
    mark: str = ""
    hits: tuple[Hit, ...] = ()


@dataclass(slots=True)
class Excerpt:
    """One file with its hits; without lines when it is no text or gone."""

    path: str
    url: str
    line_count: int = 0
    hits: list[Hit] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def codes(self) -> list[tuple[str, str]]:
        """Each code once, with its severity."""
        return list({hit.code: (hit.code, hit.severity) for hit in self.hits}.values())


def excerpts_of(version: Version) -> list[Excerpt]:
    """The version's findings by file, the worst first; those without a file come first of all."""
    rows = sorted(version.findings.all()[: FINDINGS_MOST * 2], key=lambda row: (ORDER.get(row.severity, 3), row.pk))
    names = {"publisher": version.package.publisher.name, "name": version.package.name, "number": version.number}
    found: dict[str, Excerpt] = {}
    for row in rows[:FINDINGS_MOST]:
        url = reverse("package-file", kwargs={**names, "path": row.path}) if row.path else ""
        found.setdefault(row.path, Excerpt(row.path, url)).hits.append(_hit(row))
    listed = sorted(found.values(), key=lambda excerpt: excerpt.path != "")[:FILES_MOST]
    if any(excerpt.path for excerpt in listed):
        content = _content(version.source.sha256, version.pk)
        for excerpt in listed:
            _read(excerpt, content)
    return listed


def _hit(row: Any) -> Hit:
    params = {"path": row.path, "line": row.line or 0, **row.params}
    known = row.code in CODES
    return Hit(
        row.code,
        row.severity,
        sentence(row.code, params) if known else row.code,
        fix(row.code, params) if known else "",
        row.line,
    )


def _read(excerpt: Excerpt, content: Content) -> None:
    if excerpt.path not in content or len(data := content[excerpt.path].data) > TEXT_MOST or b"\0" in data[:8000]:
        return
    texts = data.decode("utf-8", errors="replace").splitlines()
    excerpt.line_count = len(texts)
    excerpt.lines = list(_lines(texts, excerpt.hits))


def _lines(texts: list[str], hits: list[Hit]) -> Iterable[Line]:
    """The lines around the hits, with a gap between those that lie apart."""
    at: dict[int, list[Hit]] = {}
    for hit in hits:
        at.setdefault(min(max(hit.line or 1, 1), max(len(texts), 1)), []).append(hit)
    shown = sorted({near for line in at for near in range(line - AROUND, line + AROUND + 1) if 1 <= near <= len(texts)})
    last = 0
    for number in shown:
        if last and number > last + 1:
            yield Line(0)
        here = tuple(at.get(number, ()))
        mark = "ln-hit" if any(hit.severity == "error" for hit in here) else "ln-note" if here else ""
        yield Line(number, texts[number - 1][:LINE_MOST], mark, here)
        last = number


@lru_cache(maxsize=8)
def _content(_sha256: str, version_id: int) -> Content:
    """The version's files; bytes never change under a digest."""
    version = Version.objects.select_related("source").get(pk=version_id)
    with artifact_open(version.source) as stream:
        return read_stored(stream)
