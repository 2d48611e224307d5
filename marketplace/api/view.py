"""What the ground's API views share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.exceptions import NotAuthenticated
from rest_framework.views import APIView

from marketplace.services.viewers import viewer_from

if TYPE_CHECKING:
    from rest_framework.request import Request

    from marketplace.domain.viewer import Viewer


class SignedInView(APIView):
    """For people and their tokens: 401 for nobody."""

    def caller(self, request: Request) -> Viewer:
        """Who calls; raises NotAuthenticated."""
        viewer = viewer_from(request)
        if viewer.is_anonymous:
            raise NotAuthenticated
        return viewer
