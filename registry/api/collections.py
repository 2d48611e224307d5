"""Collections over the API; `If-Match` with the revision refuses the change of what has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.core.idempotency import idempotent
from marketplace.core.paging import paged
from marketplace.selectors.organizations import membership_get
from marketplace.services.viewers import viewer_from
from registry.api.conditions import revision_of
from registry.api.packages import ensure_signed_in
from registry.domain.collections import ENTRIES_MOST, NOTE_MOST, TITLE_MOST, Shown, Visibility
from registry.models import Collection
from registry.selectors.collections import (
    collection_get,
    collections_listed,
    collections_of,
    collections_with,
    entries_of,
)
from registry.selectors.packages import package_get
from registry.services.collections import (
    DESCRIPTION_MOST,
    Facts,
    collection_change,
    collection_create,
    collection_delete,
    entries_order,
    entry_put,
    entry_remove,
)

if TYPE_CHECKING:
    from rest_framework.request import Request


class CollectionSerializer(serializers.ModelSerializer[Collection]):
    """A collection as lists show it; `marketplaces` are what clients add, empty while nobody else may see it."""

    id = serializers.UUIDField(source="public_id")
    owner = serializers.SerializerMethodField()
    organization = serializers.CharField(source="organization.slug", default=None, read_only=True)
    marketplaces = serializers.SerializerMethodField()

    class Meta:
        model = Collection
        fields = (
            "id", "slug", "title", "description", "visibility", "state", "is_editorial", "owner", "organization",
            "revision",
            "created_at", "updated_at", "marketplaces",
        )  # fmt: skip

    def get_owner(self, collection: Collection) -> str | None:
        """The person or organization whose it is, as on screen; null for the editors'."""
        return collection.holder or None

    def get_marketplaces(self, collection: Collection) -> dict[str, str]:
        """The git address and the document of archives."""
        if collection.visibility == Visibility.PRIVATE or collection.state != Shown.SHOWN:
            return {}
        document = settings.BASE_URL + f"/claude/collections/{collection.slug}/marketplace.json"
        return {"git": f"{settings.BASE_URL}/git/collections/{collection.slug}.git", "archives": document}


class CollectionEntrySerializer(serializers.Serializer[Any]):
    """One package of a collection."""

    package = serializers.CharField(source="package.full_name")
    summary = serializers.CharField(source="package.summary")
    latest = serializers.CharField(source="package.latest.number", default=None)
    note = serializers.CharField()
    added_at = serializers.DateTimeField()


class CollectionDetailSerializer(CollectionSerializer):
    """A collection with what is in it and may be seen by the caller, in order."""

    entries = serializers.SerializerMethodField()

    class Meta(CollectionSerializer.Meta):
        fields = (*CollectionSerializer.Meta.fields, "entries")  # type: ignore[assignment]  # one more

    @extend_schema_field(CollectionEntrySerializer(many=True))
    def get_entries(self, collection: Collection) -> Any:
        """At most a hundred."""
        return CollectionEntrySerializer(entries_of(self.context["viewer"], collection), many=True).data


class CollectionWriteSerializer(serializers.Serializer[Any]):
    """What a collection says of itself."""

    title = serializers.CharField(max_length=TITLE_MOST)
    description = serializers.CharField(max_length=DESCRIPTION_MOST, required=False, allow_blank=True, default="")
    visibility = serializers.ChoiceField(Collection.Visibility.choices, default=Visibility.PUBLIC)


class CollectionStartSerializer(CollectionWriteSerializer):
    """And whose it will be: the organization with this name, which the caller manages; the caller's own without."""

    organization = serializers.SlugField(max_length=39, required=False, allow_null=True, default=None)


class EntryWriteSerializer(serializers.Serializer[Any]):
    """Why the package is in it."""

    note = serializers.CharField(max_length=NOTE_MOST, required=False, allow_blank=True, default="")


class CollectionOrderSerializer(serializers.Serializer[Any]):
    """Full names in their new order; those that are not named follow as they stood."""

    packages = serializers.ListField(child=serializers.CharField(max_length=110), max_length=ENTRIES_MOST)


class CollectionList(APIView):
    """Public collections, and the way to start one."""

    @extend_schema(
        operation_id="list_collections",
        parameters=[OpenApiParameter("mine", bool), OpenApiParameter("cursor", str)],
        responses=CollectionSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """The public ones, newest first, fifty a page; with `mine=true` the caller's own and their organizations'."""
        viewer = viewer_from(request)
        rows = collections_of(viewer) if request.query_params.get("mine") == "true" else collections_listed()
        return paged(request, rows, CollectionSerializer, down=True)

    @extend_schema(
        operation_id="create_collection", request=CollectionStartSerializer, responses={201: CollectionDetailSerializer}
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Start an empty one; 201 with its address. Repeated with its `Idempotency-Key`, it is answered again."""
        ensure_signed_in(request)
        form = CollectionStartSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        viewer, data = viewer_from(request), dict(form.validated_data)
        slug = data.pop("organization")
        team = membership_get(viewer, slug).organization if slug else None
        made = collection_create(facts=Facts(**data), by=viewer, organization=team)
        return _whole(request, made.slug, status.HTTP_201_CREATED)


class PackageCollections(APIView):
    """The collections that a package stands in."""

    @extend_schema(
        operation_id="list_package_collections",
        parameters=[OpenApiParameter("cursor", str)],
        responses=CollectionSerializer(many=True),
    )
    def get(self, request: Request, publisher: str, name: str) -> Response:
        """The public ones, newest first, fifty a page."""
        package = package_get(viewer_from(request), publisher, name)
        return paged(request, collections_with(package), CollectionSerializer, down=True)


class CollectionDetail(APIView):
    """One collection."""

    @extend_schema(operation_id="get_collection", responses=CollectionDetailSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """The collection with its packages; its revision is the ETag."""
        return _whole(request, slug)

    @extend_schema(
        operation_id="change_collection", request=CollectionWriteSerializer, responses=CollectionDetailSerializer
    )
    def patch(self, request: Request, slug: str) -> Response:
        """Change what it says; fields that are not sent stay."""
        found = _writable(request, slug)
        form = CollectionWriteSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        kept = {"title": found.title, "description": found.description, "visibility": found.visibility}
        facts = Facts(**(kept | form.validated_data))
        collection_change(collection=found, facts=facts, by=viewer_from(request), revision=revision_of(request))
        return _whole(request, slug)

    @extend_schema(operation_id="delete_collection", responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        """End it for good."""
        found = _writable(request, slug)
        collection_delete(collection=found, by=viewer_from(request), revision=revision_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class CollectionEntryDetail(APIView):
    """One package of a collection."""

    @extend_schema(
        operation_id="put_collection_entry", request=EntryWriteSerializer, responses=CollectionDetailSerializer
    )
    def put(self, request: Request, slug: str, publisher: str, name: str) -> Response:
        """Put the package last, or write the note of the one that is in."""
        found, viewer = _writable(request, slug), viewer_from(request)
        form = EntryWriteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        package, note = package_get(viewer, publisher, name), form.validated_data["note"]
        entry_put(collection=found, package=package, note=note, by=viewer, revision=revision_of(request))
        return _whole(request, slug)

    @extend_schema(operation_id="remove_collection_entry", responses={204: None})
    def delete(self, request: Request, slug: str, publisher: str, name: str) -> Response:
        """Take the package out."""
        found, full_name = _writable(request, slug), f"@{publisher}/{name}"
        entry_remove(collection=found, full_name=full_name, by=viewer_from(request), revision=revision_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class CollectionOrder(APIView):
    """The order of a collection."""

    @extend_schema(
        operation_id="order_collection", request=CollectionOrderSerializer, responses=CollectionDetailSerializer
    )
    def put(self, request: Request, slug: str) -> Response:
        """Put the named packages first, in this order."""
        found = _writable(request, slug)
        form = CollectionOrderSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        entries_order(
            collection=found,
            full_names=form.validated_data["packages"],
            by=viewer_from(request),
            revision=revision_of(request),
        )
        return _whole(request, slug)


def _writable(request: Request, slug: str) -> Collection:
    ensure_signed_in(request)
    return collection_get(viewer_from(request), slug)


def _whole(request: Request, slug: str, code: int = status.HTTP_200_OK) -> Response:
    viewer = viewer_from(request)
    found = collection_get(viewer, slug)
    headers = {"ETag": f'"{found.revision}"'}
    if code == status.HTTP_201_CREATED:
        headers["Location"] = reverse("api-collection", args=[slug])
    return Response(CollectionDetailSerializer(found, context={"viewer": viewer}).data, status=code, headers=headers)
