"""Categories: chosen by the publisher, else read from what the manifest and the words say."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

WORD = re.compile(r"[a-z0-9]+")


class Category(StrEnum):
    """What a package is for; a package is in one category, or in none when nothing tells."""

    TESTING = "testing"
    REVIEW = "review"
    GIT = "git"
    WRITING = "writing"
    DATABASES = "databases"
    FRONTEND = "frontend"
    INFRASTRUCTURE = "infrastructure"
    SECURITY = "security"
    DATA = "data"
    PLANNING = "planning"
    LEARNING = "learning"
    BUSINESS = "business"


WORDS: dict[Category, frozenset[str]] = {
    Category.TESTING: frozenset(
        "test tests testing flaky coverage qa pytest vitest jest e2e playwright debug debugging bisect".split()
    ),
    Category.REVIEW: frozenset("review reviewer reviews reviewing lint linter quality refactor refactoring".split()),
    Category.GIT: frozenset("git commit commits branch branches rebase merge pull github gitlab standup".split()),
    Category.WRITING: frozenset(
        """writing docs documentation readme changelog release notes prose words text markdown adr decision records
        links""".split()
    ),
    Category.DATABASES: frozenset(
        "sql database databases postgres postgresql mysql sqlite migration migrations query queries schema".split()
    ),
    Category.FRONTEND: frozenset(
        """frontend css html react vue svelte component components storybook design accessibility wcag colour color
        contrast ui figma tokens pictures alternatives screen stylesheets""".split()
    ),
    Category.INFRASTRUCTURE: frozenset(
        """infrastructure terraform opentofu kubernetes docker devops deploy deployment cloud aws gcp azure drift
        incident runbook runbooks plan monitoring""".split()
    ),
    Category.SECURITY: frozenset(
        "security secret secrets threat vulnerability audit auditor licence license licences dependency".split()
    ),
    Category.DATA: frozenset(
        "data csv excel spreadsheet notebook chart charts pandas analysis statistics weather forecast forecasts".split()
    ),
    Category.PLANNING: frozenset(
        "issue issues tracker triage planning project roadmap tickets reports bug support interview idea".split()
    ),
    Category.LEARNING: frozenset("learning teach teaching tutor teaches learn glossary education pairing".split()),
    Category.BUSINESS: frozenset(
        "freight customs invoice finance sales marketing legal hr dispatch logistics manifest orders".split()
    ),
}
ALIASES = {
    "quality": Category.REVIEW,
    "code-review": Category.REVIEW,
    "documentation": Category.WRITING,
    "docs": Category.WRITING,
    "database": Category.DATABASES,
    "design": Category.FRONTEND,
    "devops": Category.INFRASTRUCTURE,
    "deployment": Category.INFRASTRUCTURE,
    "productivity": Category.PLANNING,
    "education": Category.LEARNING,
    "version-control": Category.GIT,
}


def category_of(*, chosen: str, said: str, keywords: Iterable[str], text: str) -> str:
    """The category: the publisher's choice, else the manifest's, else the one whose words occur most; else empty.

    Keywords count three times, words of `text` once.
    """
    known = set(Category)
    if chosen in known:
        return chosen
    slug = said.strip().lower().replace(" ", "-")
    if slug in known or slug in ALIASES:
        return str(ALIASES.get(slug, slug))
    scores = dict.fromkeys(Category, 0)
    for weight, words in ((3, " ".join(keywords)), (1, text)):
        for word in WORD.findall(words.lower()):
            for category, terms in WORDS.items():
                scores[category] += weight * (word in terms)
    best = max(scores, key=lambda category: scores[category])
    return best.value if scores[best] else ""
