"""A version's signature, with the key and what it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.services.viewers import viewer_from
from registry.selectors.packages import package_get, version_get
from registry.services.signatures import signed_get

if TYPE_CHECKING:
    from rest_framework.request import Request


class VersionSignature(APIView):
    """The signature of one version."""

    @extend_schema(operation_id="get_signature", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, publisher: str, name: str, number: str) -> Response:
        """Message, signature, public key with its end, and digests of the signed file."""
        viewer = viewer_from(request)
        version = version_get(viewer, package_get(viewer, publisher, name), number)
        return Response(signed_get(version).as_json())
