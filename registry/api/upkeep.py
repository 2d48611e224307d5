"""Maintainers and tags over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.services.viewers import viewer_from
from registry.api.conditions import etag_of, revision_of
from registry.api.packages import ensure_signed_in
from registry.api.serializers import MaintainerAddSerializer, MaintainerSerializer, TagSerializer
from registry.selectors.packages import maintainer_get, maintainers_of, package_get, tags_of, version_get
from registry.services.maintainers import maintainer_add, maintainer_remove
from registry.services.tags import tag_remove, tag_set

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request


class MaintainerList(APIView):
    """Who may publish one package."""

    @extend_schema(operation_id="list_maintainers", responses=MaintainerSerializer(many=True))
    def get(self, request: Request, publisher: str, name: str) -> Response:
        """The maintainers, first added first."""
        package = package_get(viewer_from(request), publisher, name)
        rows = MaintainerSerializer(maintainers_of(package), many=True).data
        return Response({"results": rows}, headers=etag_of(package))

    @extend_schema(
        operation_id="add_maintainer", request=MaintainerAddSerializer, responses={201: MaintainerSerializer}
    )
    def post(self, request: Request, publisher: str, name: str) -> Response:
        """Add the person with that e-mail address."""
        ensure_signed_in(request)
        package = package_get(viewer_from(request), publisher, name)
        form = MaintainerAddSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        row = maintainer_add(
            package=package, email=form.validated_data["email"], by=viewer_from(request), revision=revision_of(request)
        )
        return Response(MaintainerSerializer(row).data, status=status.HTTP_201_CREATED, headers=etag_of(package))


class MaintainerDetail(APIView):
    """One maintainer."""

    @extend_schema(operation_id="remove_maintainer", responses={204: None})
    def delete(self, request: Request, publisher: str, name: str, id: UUID) -> Response:  # noqa: A002  (the address)
        """Take the right back, or give up one's own."""
        ensure_signed_in(request)
        package = package_get(viewer_from(request), publisher, name)
        user = maintainer_get(package, id).user
        maintainer_remove(package=package, user=user, by=viewer_from(request), revision=revision_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class TagList(APIView):
    """The tags of one package."""

    @extend_schema(operation_id="list_tags", responses=TagSerializer(many=True))
    def get(self, request: Request, publisher: str, name: str) -> Response:
        """Every tag with its version."""
        package = package_get(viewer_from(request), publisher, name)
        rows = TagSerializer(tags_of(viewer_from(request), package), many=True).data
        return Response({"results": rows}, headers=etag_of(package))


class TagDetail(APIView):
    """One tag."""

    @extend_schema(operation_id="set_tag", request=TagSerializer, responses={204: None})
    def put(self, request: Request, publisher: str, name: str, tag: str) -> Response:
        """Point the tag to a published version."""
        ensure_signed_in(request)
        viewer = viewer_from(request)
        package = package_get(viewer, publisher, name)
        form = TagSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        version = version_get(viewer, package, form.validated_data["version"]["number"])
        tag_set(package=package, tag=tag, version=version, by=viewer, revision=revision_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT, headers=etag_of(package))

    @extend_schema(operation_id="remove_tag", responses={204: None})
    def delete(self, request: Request, publisher: str, name: str, tag: str) -> Response:
        """Forget the tag."""
        ensure_signed_in(request)
        package = package_get(viewer_from(request), publisher, name)
        tag_remove(package=package, tag=tag, by=viewer_from(request), revision=revision_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT, headers=etag_of(package))
