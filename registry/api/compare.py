"""The difference of two versions over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.services.viewers import viewer_from
from registry.domain.capabilities import CapabilitySet, levels_of
from registry.domain.comparison import compare
from registry.selectors.packages import package_get, version_get
from registry.services.comparing import changed_paths

if TYPE_CHECKING:
    from rest_framework.request import Request

    from registry.domain.capabilities import Capability
    from registry.models import Version


class VersionComparison(APIView):
    """What a second version can do that a first cannot."""

    @extend_schema(operation_id="compare_versions", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, publisher: str, name: str, old: str, new: str) -> Response:
        """Capabilities gained, lost and raised, tokens, changed files; `old` and `new` are numbers or tags."""
        viewer = viewer_from(request)
        package = package_get(viewer, publisher, name)
        before, after = version_get(viewer, package, old), version_get(viewer, package, new)
        mine, theirs = CapabilitySet.of_json(before.capabilities), CapabilitySet.of_json(after.capabilities)
        changes = mine.changes(theirs)
        compared = compare(mine, theirs, before.context_parts, after.context_parts)
        return Response(
            {
                "package": package.full_name,
                "before": _side(before),
                "after": _side(after),
                "asks_for_more": compared.is_wider,
                "gained": _rows(changes.gained),
                "lost": _rows(changes.lost),
                "raised": _rows(now for _, now in changes.raised),
                "tokens_always_change": after.tokens_always - before.tokens_always,
                "files": [{"path": path, "change": change} for path, change in changed_paths(before, after)],
            }
        )


def _side(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "capability_digest": version.capability_digest,
        "levels": levels_of(version.strip),
        "tokens_always": version.tokens_always,
        "is_settled": version.is_settled,
    }


def _rows(items: Any) -> list[dict[str, Any]]:
    found: list[Capability] = list(items)
    return [item.as_json() for item in found]
