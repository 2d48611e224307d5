"""Asks the reviewer about a package that the rules let pass. It can hold a version, and never let one through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from registry.clients.reviewer import ReviewerFailed, reviewer
from registry.clients.scanner import ScanFailed
from registry.domain.checks import is_text
from registry.domain.cleaning import clean_text
from registry.domain.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.clients.reviewer import Concern
    from registry.domain.content import Content

log = structlog.get_logger(__name__)
LETTERS_MOST = 120_000
FILE_LETTERS_MOST = 20_000
LETTERS_A_TOKEN = 3
DAY = 86_400


def second_look(content: Content) -> tuple[str, list[Finding]]:
    """How it went (empty: there is no reviewer; `passed`, `found`, `failed`, `budget`) and what was found.

    Raises ScanFailed when the reviewer is required and gives no opinion.
    """
    asked = reviewer()
    if asked is None:
        return "", []
    texts = dict(_texts(content))
    if _spent() + sum(map(len, texts.values())) // LETTERS_A_TOKEN > settings.REVIEWER_DAILY_TOKENS:
        return _without("budget")
    try:
        opinion = asked.review(texts)
    except ReviewerFailed as failed:
        log.warning("reviewer.failed", reason=str(failed))
        return _without("failed")
    _spend(opinion.tokens)
    findings = [_finding(concern) for concern in opinion.concerns]
    return ("found" if findings else "passed"), findings


def _without(how: str) -> tuple[str, list[Finding]]:
    if settings.REVIEWER_REQUIRED:
        raise ScanFailed(f"reviewer: {how}")
    return how, []


def _finding(concern: Concern) -> Finding:
    params: dict[str, str | int] = {
        "rule": "reviewer",
        "path": concern.path,
        "line": concern.line or 0,
        "excerpt": clean_text(concern.why),
    }
    return Finding("MP3127", "error" if concern.is_grave else "warning", concern.path, concern.line, params)


def _texts(content: Content) -> Iterator[tuple[str, str]]:
    """Texts in the order of their size, so that a long file does not keep others from being read."""
    left = LETTERS_MOST
    for path, file in sorted(content.items(), key=lambda item: len(item[1].data)):
        if left <= 0 or not is_text(file.data):
            continue
        text = content.text(path)[: min(FILE_LETTERS_MOST, left)]
        left -= len(text)
        yield path, text


def _key() -> str:
    return f"reviewer:{timezone.now():%Y-%m-%d}"


def _spent() -> int:
    return int(cache.get(_key()) or 0)


def _spend(tokens: int) -> None:
    cache.add(_key(), 0, DAY)
    cache.incr(_key(), tokens)
