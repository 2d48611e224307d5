"""Answers the registry which hits moderators have found harmless."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviews.models import ClearedFinding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.services.clearing import Hit


def cleared_hits(package_id: int, hits: Iterable[Hit]) -> set[Hit]:
    """Those of the hits that a decision about this package has cleared on the same bytes."""
    wanted = set(hits)
    rows = ClearedFinding.objects.filter(package_id=package_id, sha256__in={sha256 for _, sha256 in wanted})
    return wanted & set(rows.values_list("rule", "sha256"))
