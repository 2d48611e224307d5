"""Rules over bytes, by YARA-X: documents with macros, programs inside pictures, objects that run when read."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import yara_x

from registry.domain.scanning.model import Hit
from registry.domain.scanning.nested import nested_contents
from registry.domain.scanning.registry import FILE_RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.content import Content

SECONDS = 10
PROSE = (".md", ".mdx", ".txt", ".rst")


@cache
def rules() -> yara_x.Rules:
    """The compiled rules; made once, before the process forks."""
    return yara_x.compile(FILE_RULES)


def hits_in(content: Content) -> Iterator[Hit]:
    """Every rule met in a file, and in the files of archives inside; raises on a file that takes too long."""
    scanner = yara_x.Scanner(rules())
    scanner.set_timeout(SECONDS)
    yield from _hits(scanner, content, "")
    for path, inside in nested_contents(content):
        if not isinstance(inside, Hit):
            yield from _hits(scanner, inside, f"{path}!/")


def _hits(scanner: yara_x.Scanner, content: Content, before: str) -> Iterator[Hit]:
    for path, file in content.items():
        if path.lower().endswith(PROSE):
            continue
        for rule in scanner.scan(file.data).matching_rules:
            told: dict[str, Any] = dict(rule.metadata)
            what = rule.identifier.replace("_", " ")
            params = (("kind", what),)
            yield Hit(
                f"yara.{rule.identifier}", told["code"], told["weight"], f"{before}{path}", None, what, params=params
            )
