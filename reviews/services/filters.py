"""Views of the queue that moderators keep under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from django.db import transaction

from marketplace.core.errors import Invalid
from marketplace.services.viewers import signed_in_id
from reviews.domain.powers import Act
from reviews.models import SavedFilter
from reviews.services.cases import ensure_may

if TYPE_CHECKING:
    from uuid import UUID

    from marketplace.domain.viewer import Viewer

NAME_MOST = 60
QUERY_MOST = 500
KEPT_MOST = 30
PARTS = frozenset({"q", "o", "turn", "source__exact", "is_urgent__exact", "state__exact", "kind"})
"""The parts of the list's address that are kept; pages and everything else are not."""


@transaction.atomic
def filter_save(*, name: str, query: str, by: Viewer) -> SavedFilter:
    """Keep a view of the queue in place of one of its name; raises NotAllowed MP7044, Invalid MP7056, MP7057."""
    ensure_may(by, Act.LOOK)
    name = name.strip()
    if not 0 < len(name) <= NAME_MOST:
        raise Invalid("MP7056")
    kept = urlencode([(part, value) for part, value in parse_qsl(query) if part in PARTS])[:QUERY_MOST]
    mine = SavedFilter.objects.filter(user_id=signed_in_id(by))
    if mine.count() >= KEPT_MOST and not mine.filter(name=name).exists():
        raise Invalid("MP7057", {"most": KEPT_MOST})
    row, _created = SavedFilter.objects.update_or_create(user_id=signed_in_id(by), name=name, defaults={"query": kept})
    return row


@transaction.atomic
def filter_forget(*, public_id: UUID, by: Viewer) -> None:
    """Forget one's own view; somebody else's stays. Raises NotAllowed MP7044."""
    ensure_may(by, Act.LOOK)
    SavedFilter.objects.filter(user_id=signed_in_id(by), public_id=public_id).delete()
