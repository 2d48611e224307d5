"""The words of a query: what they are, what else the field calls them, and how far two spellings are apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

WORD = re.compile(r"[^\W_]+", re.UNICODE)
OPERATOR = re.compile(r'"|(?:^|\s)-\w|\sor\s', re.IGNORECASE)
WORDS_MOST = 12
SYNONYMS: tuple[tuple[str, ...], ...] = (
    ("k8s", "kubernetes"),
    ("a11y", "accessibility"),
    ("i18n", "translation", "localisation", "localization"),
    ("ci", "continuous integration"),
    ("docs", "documentation"),
    ("tf", "terraform", "opentofu"),
    ("js", "javascript"),
    ("ts", "typescript"),
    ("py", "python"),
    ("postgres", "postgresql"),
    ("db", "database", "sql"),
    ("auth", "authentication", "login"),
    ("adr", "decision record"),
    ("flaky", "intermittent", "unstable"),
    ("licence", "license"),
    ("colour", "color"),
    ("changelog", "release notes"),
    ("csv", "spreadsheet"),
    ("secret", "credential", "password"),
    ("pr", "pull request", "merge request"),
    ("ui", "interface", "frontend"),
    ("bug", "issue"),
    ("iac", "infrastructure"),
    ("subagent", "agent"),
    ("mcp", "server"),
    ("unit test", "test"),
    ("perf", "performance", "slow"),
    ("vuln", "vulnerability", "advisory"),
    ("doc", "documentation"),
    ("incident", "outage", "down"),
)
BY_WORD: dict[str, tuple[str, ...]] = {}
for _group in SYNONYMS:
    for _word in _group:
        if " " not in _word:
            BY_WORD[_word] = (*BY_WORD.get(_word, ()), *(other for other in _group if other != _word))


@dataclass(frozen=True, slots=True)
class Words:
    """A query taken apart: its text, its words, and the tsquery text; `is_raw` says how PostgreSQL is to read that."""

    text: str
    words: tuple[str, ...]
    tsquery: str
    is_raw: bool


def words_of(text: str, *, prefix: bool = False, any_of: bool = False) -> Words:
    """Take a query apart; operators ("…", -word, or) are left to PostgreSQL's own reader.

    With `prefix` the last word may be the beginning of one; with `any_of` one word is enough.
    """
    words = tuple(WORD.findall(text.lower()))[:WORDS_MOST]
    if OPERATOR.search(text) and not any_of:
        return Words(text, words, text, is_raw=False)
    last = len(words) - 1
    terms = [_term(word, is_prefix=prefix and at == last) for at, word in enumerate(words)]
    return Words(text, words, (" | " if any_of else " & ").join(terms), is_raw=True)


def _term(word: str, *, is_prefix: bool) -> str:
    meant = [f"{word}:*" if is_prefix else word]
    meant += [" <-> ".join(other.split()) for other in BY_WORD.get(word, ())]
    return (
        meant[0] if len(meant) == 1 else "(" + " | ".join(f"({term})" if " " in term else term for term in meant) + ")"
    )


def name_key(text: str) -> str:
    """What the text would be as a package's name: `@acme/SQL reviewer` reads `sql-reviewer`."""
    return "-".join(WORD.findall(text.lower().removeprefix("@").rsplit("/", 1)[-1]))


def distance(one: str, other: str, most: int = 3) -> int:
    """Insertions, deletions, replacements and swaps of neighbours between the two (at most `most` + 1 is counted)."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, mine in enumerate(one, 1):
        older, before, row = before, row, [at]
        for place, theirs in enumerate(other, 1):
            cost = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (mine != theirs))
            if at > 1 and place > 1 and mine == other[place - 2] and one[at - 2] == theirs:
                cost = min(cost, older[place - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
