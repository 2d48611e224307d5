"""`POST /api/v1/preflight`: what publishing would say, without publishing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.core.errors import NotAllowed
from marketplace.domain.viewer import Scope
from marketplace.services.viewers import viewer_from
from registry.selectors.packages import publisher_get
from registry.services.access import ensure_may_publish_as
from registry.services.intake import content_of_stream
from registry.services.preflight import preflight

if TYPE_CHECKING:
    from rest_framework.request import Request


class PreflightSerializer(serializers.Serializer[Any]):
    """The archive, and as whom it would be published."""

    file = serializers.FileField()
    publisher = serializers.CharField(max_length=39, required=False)


class PreflightView(APIView):
    """The checks on an archive that is not kept."""

    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="preflight",
        parameters=[OpenApiParameter("as", str, enum=["json", "sarif"])],
        request={"multipart/form-data": PreflightSerializer},
        responses=OpenApiTypes.OBJECT,
    )
    def post(self, request: Request) -> Response:
        """Verdict, risk, findings and capabilities; `?as=sarif` gives SARIF 2.1.0.

        With `publisher`, `asks` says whom the files would ask as an update of a package of theirs.
        """
        viewer = viewer_from(request)
        if viewer.is_anonymous:
            raise NotAuthenticated
        if not viewer.may_use(Scope.PUBLISH):
            raise NotAllowed("MP3015")
        form = PreflightSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        publisher = None
        if name := form.validated_data.get("publisher"):
            publisher = publisher_get(name)
            ensure_may_publish_as(by=viewer, publisher=publisher)
        found = preflight(content_of_stream(form.validated_data["file"]), publisher=publisher)
        return Response(found.as_sarif() if request.query_params.get("as") == "sarif" else found.as_json())
