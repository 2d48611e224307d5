"""Who calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from marketplace.api.serializers import MeChangeSerializer, MeSerializer
from marketplace.api.view import SignedInView
from marketplace.models import Token
from marketplace.selectors.accounts import user_get
from marketplace.selectors.organizations import memberships_of
from marketplace.services.accounts import profile_update

if TYPE_CHECKING:
    from rest_framework.request import Request

    from marketplace.domain.viewer import Viewer


class Me(SignedInView):
    """The caller's account."""

    @extend_schema(operation_id="get_me", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """The caller, with organizations and the token that the call came with."""
        return self._answer(self.caller(request))

    @extend_schema(operation_id="change_me", request=MeChangeSerializer, responses=MeSerializer)
    def patch(self, request: Request) -> Response:
        """Change name or time zone; not with a token."""
        viewer = self.caller(request)
        form = MeChangeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        profile_update(by=viewer, **form.validated_data)
        return self._answer(viewer)

    def _answer(self, viewer: Viewer) -> Response:
        facts = {
            "user": user_get(viewer),
            "organizations": memberships_of(viewer),
            "token": Token.objects.filter(pk=viewer.token_id).first() if viewer.token_id else None,
        }
        return Response(MeSerializer(facts).data)
