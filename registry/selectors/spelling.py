"""What a misspelt query may have meant: the nearest names, and the nearest known words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.search import TrigramSimilarity

from registry.domain.search_words import distance, name_key, words_of
from registry.models import SearchDocument, SearchWord

if TYPE_CHECKING:
    from django.db.models import QuerySet

CLOSE = 60
LETTERS_AN_ERROR = 4
SHORTEST = 4


def allowed(text: str) -> int:
    """How many slips of the finger a text of this length may hold: one for each four letters, at most three."""
    return max(1, min(3, len(text) // LETTERS_AN_ERROR))


def names_near(text: str, documents: QuerySet[SearchDocument] | None = None, most: int = 8) -> list[tuple[int, str]]:
    """Packages (primary key, name) whose names are spelt nearly like the text, the nearest first."""
    key = name_key(text)
    if len(key) < SHORTEST:
        return []
    base = SearchDocument.objects.all() if documents is None else documents
    alike = base.filter(name_key__trigram_similar=key).annotate(near=TrigramSimilarity("name_key", key))
    rows = alike.order_by("-near", "-popularity", "package_id").values_list("package_id", "name_key")[:CLOSE]
    bound = allowed(key)
    scored = [(distance(key, name, bound), at, pk, name) for at, (pk, name) in enumerate(rows)]
    return [(pk, name) for away, _at, pk, name in sorted(scored) if away <= bound][:most]


def corrected(text: str) -> str:
    """The text with unknown words replaced by the nearest known ones; empty when nothing is changed by that."""
    words = words_of(text).words
    known = set(SearchWord.objects.filter(word__in=words).values_list("word", flat=True))
    meant = [word if word in known or len(word) < SHORTEST else _nearest(word) for word in words]
    return " ".join(meant) if meant != list(words) else ""


def _nearest(word: str) -> str:
    alike = SearchWord.objects.filter(word__trigram_similar=word).annotate(near=TrigramSimilarity("word", word))
    bound = allowed(word)
    rows = alike.order_by("-near", "word").values_list("word", flat=True)[:CLOSE]
    scored = [(distance(word, other, bound), at, other) for at, other in enumerate(rows)]
    best = min(scored, default=(bound + 1, 0, word))
    return best[2] if best[0] <= bound else word
