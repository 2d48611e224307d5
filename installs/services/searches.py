"""Notes what programs look for: over the API and with npm, as the site's own search page does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installs.domain.usage import Happened, Kind, query_plain
from installs.services.usage import Visit, usage_note

if TYPE_CHECKING:
    from marketplace.core.searched import Searched


def search_note(search: Searched) -> None:
    """Keep the words and how much was found; no words, no search."""
    if words := query_plain(search.query):
        visit = Visit(search.viewer, search.address, search.program)
        usage_note(visit, [Happened(Kind.SEARCH, query=words, found=search.found)])
