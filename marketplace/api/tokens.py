"""The caller's tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.response import Response

from marketplace.api.serializers import TokenMadeSerializer, TokenSerializer, TokenWriteSerializer
from marketplace.api.view import SignedInView
from marketplace.core.errors import NotAllowed
from marketplace.core.paging import paged
from marketplace.domain.viewer import Scope
from marketplace.selectors.accounts import token_get, tokens_of, user_get
from marketplace.services.tokens import token_create, token_revoke

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request


class TokenList(SignedInView):
    """Lists and makes tokens."""

    @extend_schema(
        operation_id="list_tokens", parameters=[OpenApiParameter("cursor", str)], responses=TokenSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """Tokens in use, newest first; a token needs the scope `manage` for it."""
        viewer = self.caller(request)
        if not viewer.may_use(Scope.MANAGE):
            raise NotAllowed("MP4005", {"scope": Scope.MANAGE})
        return paged(request, tokens_of(viewer), TokenSerializer, down=True)

    @extend_schema(operation_id="create_token", request=TokenWriteSerializer, responses={201: TokenMadeSerializer})
    def post(self, request: Request) -> Response:
        """Make a token; from a session only. The answer is the only one with the secret, so no key repeats it."""
        viewer = self.caller(request)
        form = TokenWriteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        token, secret = token_create(user=user_get(viewer), by=viewer, **form.validated_data)
        token.secret = secret  # type: ignore[attr-defined]  # read by the serializer of this answer alone
        headers = {"Cache-Control": "no-store"}
        return Response(TokenMadeSerializer(token).data, status=status.HTTP_201_CREATED, headers=headers)


class TokenDetail(SignedInView):
    """One token."""

    @extend_schema(operation_id="get_token", responses=TokenSerializer)
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002  (the word of the address)
        """The token; a token sees itself, and with the scope `manage` the others."""
        viewer = self.caller(request)
        token = token_get(viewer, id)
        if token.pk != viewer.token_id and not viewer.may_use(Scope.MANAGE):
            raise NotAllowed("MP4005", {"scope": Scope.MANAGE})
        return Response(TokenSerializer(token).data)

    @extend_schema(operation_id="revoke_token", responses={204: None})
    def delete(self, request: Request, id: UUID) -> Response:  # noqa: A002  (the word of the address)
        """End it at once; a token ends itself only."""
        token_revoke(public_id=id, by=self.caller(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
