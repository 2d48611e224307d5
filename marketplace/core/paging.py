"""Lists of the API in pages by a signed cursor, newest or by name first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from rest_framework.response import Response

from marketplace.core import cursors

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.serializers import BaseSerializer

PAGE = 50


def paged(
    request: Request, rows: QuerySet[Any], serializer: type[BaseSerializer[Any]], *, key: str = "pk", down: bool = False
) -> Response:
    """One page of `rows` by `key` (unique), upwards or `down`: `{"results": […], "next": address or null}`."""
    value = key.replace("__", ".")
    if request.query_params.get("cursor"):
        at = cursors.decode(request.query_params["cursor"]).get("at")
        rows = rows.filter(**{f"{key}__{'lt' if down else 'gt'}": at})
    page = list(rows.order_by(f"-{key}" if down else key)[: PAGE + 1])
    following = None
    if len(page) > PAGE:
        at = page[PAGE - 1]
        for part in value.split("."):
            at = getattr(at, part)
        query = request.query_params.dict() | {"cursor": cursors.encode({"at": at})}
        following = f"{request.build_absolute_uri(request.path)}?{urlencode(query)}"
    return Response({"results": serializer(page[:PAGE], many=True).data, "next": following})
