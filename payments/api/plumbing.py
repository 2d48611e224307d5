"""What all of the API of payments has: nothing where nothing is sold, signed-in callers, signed pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.exceptions import NotAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.core import cursors
from marketplace.services.viewers import viewer_from
from payments.services.switch import ensure_selling

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

    from marketplace.domain.viewer import Viewer

PAGE = 20


class SellingView(APIView):
    """A resource that is 404 where nothing is sold."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Look at the switch after the caller is known."""
        super().initial(request, *args, **kwargs)
        ensure_selling()


def signed_in(request: Request) -> Viewer:
    """The viewer; raises NotAuthenticated for nobody."""
    viewer = viewer_from(request)
    if viewer.is_anonymous:
        raise NotAuthenticated
    return viewer


def paged(request: Request, rows: QuerySet[Any], serializer: type[Any]) -> Response:
    """Twenty rows a page, newest first (the rows are ordered by `-id`)."""
    asked = request.query_params.get("cursor")
    if asked:
        rows = rows.filter(pk__lt=int(cursors.decode(asked).get("before", 0)))
    page = list(rows[: PAGE + 1])
    following = cursors.encode({"before": page[PAGE - 1].pk}) if len(page) > PAGE else None
    return Response({"results": serializer(page[:PAGE], many=True).data, "next": following})
