"""Pictures of a listing over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.services.viewers import viewer_from
from registry.api.conditions import etag_of, revision_of
from registry.api.packages import ensure_signed_in
from registry.domain.collections import Step
from registry.domain.pictures import ALT_MOST, Kind
from registry.models import Picture
from registry.selectors.packages import package_get
from registry.selectors.pictures import picture_get, pictures_of
from registry.services.pictures import picture_add, picture_change, picture_remove

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request


class PictureSerializer(serializers.ModelSerializer[Picture]):
    """A picture; at `url` are its bytes, WebP."""

    id = serializers.UUIDField(source="public_id")
    sha256 = serializers.CharField(source="artifact.sha256")
    size = serializers.IntegerField(source="artifact.size")
    url = serializers.SerializerMethodField()

    class Meta:
        model = Picture
        fields = ("id", "kind", "alt", "width", "height", "size", "sha256", "url", "created_at")

    def get_url(self, picture: Picture) -> str:
        """On this site."""
        package = picture.package
        return settings.BASE_URL + reverse(
            "picture", args=[package.publisher.name, package.name, picture.artifact.sha256]
        )


class PictureUploadSerializer(serializers.Serializer[Any]):
    """A PNG, JPEG or WebP file; a screenshot needs `alt`, an icon has none."""

    kind = serializers.ChoiceField(Picture.Kind.choices, default=Kind.SCREENSHOT)
    alt = serializers.CharField(max_length=ALT_MOST, required=False, allow_blank=True, default="")
    file = serializers.FileField()


class PictureChangeSerializer(serializers.Serializer[Any]):
    """What it shows, and where it moves to."""

    alt = serializers.CharField(max_length=ALT_MOST, required=False)
    move = serializers.ChoiceField([step.value for step in Step], required=False)


class PictureList(APIView):
    """The pictures of one package."""

    parser_classes = [MultiPartParser]

    @extend_schema(operation_id="list_pictures", responses=PictureSerializer(many=True))
    def get(self, request: Request, publisher: str, name: str) -> Response:
        """The icon, then the screenshots in their order; nine at most."""
        package = package_get(viewer_from(request), publisher, name)
        rows = pictures_of(package).select_related("artifact", "package__publisher")
        return Response({"results": PictureSerializer(rows, many=True).data}, headers=etag_of(package))

    @extend_schema(
        operation_id="add_picture",
        request={"multipart/form-data": PictureUploadSerializer},
        responses={201: PictureSerializer},
    )
    def post(self, request: Request, publisher: str, name: str) -> Response:
        """Add a screenshot, or set the icon."""
        ensure_signed_in(request)
        viewer = viewer_from(request)
        package = package_get(viewer, publisher, name)
        form = PictureUploadSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        facts = form.validated_data
        made = picture_add(
            package=package,
            kind=Kind(facts["kind"]),
            stream=facts["file"].file,
            alt=facts["alt"],
            by=viewer,
            revision=revision_of(request),
        )
        return Response(PictureSerializer(made).data, status=status.HTTP_201_CREATED, headers=etag_of(package))


class PictureDetail(APIView):
    """One picture."""

    @extend_schema(operation_id="change_picture", request=PictureChangeSerializer, responses=PictureSerializer)
    def patch(self, request: Request, publisher: str, name: str, id: UUID) -> Response:  # noqa: A002  (the address)
        """Say anew what it shows, or move it among the others."""
        ensure_signed_in(request)
        viewer = viewer_from(request)
        package = package_get(viewer, publisher, name)
        form = PictureChangeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        facts = form.validated_data
        picture_change(
            package=package,
            id=id,
            alt=facts.get("alt"),
            step=Step(facts["move"]) if "move" in facts else None,
            by=viewer,
            revision=revision_of(request),
        )
        return Response(PictureSerializer(picture_get(package, id)).data, headers=etag_of(package))

    @extend_schema(operation_id="remove_picture", responses={204: None})
    def delete(self, request: Request, publisher: str, name: str, id: UUID) -> Response:  # noqa: A002  (the address)
        """Take it off the listing."""
        ensure_signed_in(request)
        viewer = viewer_from(request)
        package = package_get(viewer, publisher, name)
        picture_remove(package=package, id=id, by=viewer, revision=revision_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
