"""Following over the API: packages, publishers, collections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.services.viewers import viewer_from
from registry.api.packages import ensure_signed_in
from registry.selectors.collections import collection_get
from registry.selectors.following import collections_followed, packages_followed, publishers_followed
from registry.selectors.packages import package_get, publisher_get
from registry.services.following import follow_set

if TYPE_CHECKING:
    from rest_framework.request import Request

MOST = 500


class FollowingSerializer(serializers.Serializer[Any]):
    """Full names, publishers' names and collections' addresses, at most five hundred of each."""

    packages = serializers.ListField(child=serializers.CharField())
    publishers = serializers.ListField(child=serializers.CharField())
    collections = serializers.ListField(child=serializers.CharField())


class Following(APIView):
    """What the caller follows."""

    @extend_schema(operation_id="list_following", responses=FollowingSerializer)
    def get(self, request: Request) -> Response:
        """What the caller follows and may still see."""
        ensure_signed_in(request)
        viewer = viewer_from(request)
        return Response(
            {
                "packages": [package.full_name for package in packages_followed(viewer)[:MOST]],
                "publishers": [publisher.name for publisher in publishers_followed(viewer)[:MOST]],
                "collections": [collection.slug for collection in collections_followed(viewer)[:MOST]],
            }
        )


class _Follow(APIView):
    """`PUT` follows, `DELETE` stops; doing so again changes nothing."""

    def _set(self, request: Request, *, wanted: bool, **what: Any) -> Response:
        follow_set(by=viewer_from(request), wanted=wanted, **what)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PackageFollow(_Follow):
    """Whether the caller hears of a package's new versions."""

    @extend_schema(operation_id="follow_package", request=None, responses={204: None})
    def put(self, request: Request, publisher: str, name: str) -> Response:
        """Follow it."""
        ensure_signed_in(request)
        return self._set(request, wanted=True, package=package_get(viewer_from(request), publisher, name))

    @extend_schema(operation_id="unfollow_package", request=None, responses={204: None})
    def delete(self, request: Request, publisher: str, name: str) -> Response:
        """Stop."""
        ensure_signed_in(request)
        return self._set(request, wanted=False, package=package_get(viewer_from(request), publisher, name))


class PublisherFollow(_Follow):
    """Whether the caller hears of everything that a publisher publishes."""

    @extend_schema(operation_id="follow_publisher", request=None, responses={204: None})
    def put(self, request: Request, name: str) -> Response:
        """Follow it."""
        ensure_signed_in(request)
        return self._set(request, wanted=True, publisher=publisher_get(name))

    @extend_schema(operation_id="unfollow_publisher", request=None, responses={204: None})
    def delete(self, request: Request, name: str) -> Response:
        """Stop."""
        ensure_signed_in(request)
        return self._set(request, wanted=False, publisher=publisher_get(name))


class CollectionFollow(_Follow):
    """Whether the caller hears of what a collection gains."""

    @extend_schema(operation_id="follow_collection", request=None, responses={204: None})
    def put(self, request: Request, slug: str) -> Response:
        """Follow it."""
        ensure_signed_in(request)
        return self._set(request, wanted=True, collection=collection_get(viewer_from(request), slug))

    @extend_schema(operation_id="unfollow_collection", request=None, responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        """Stop."""
        ensure_signed_in(request)
        return self._set(request, wanted=False, collection=collection_get(viewer_from(request), slug))
