"""Packages and versions over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import NotAuthenticated
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.core import cursors
from marketplace.core.clients import client_address
from marketplace.core.errors import Invalid
from marketplace.core.idempotency import idempotent
from marketplace.core.parsers import BoundedJSONParser
from marketplace.core.searched import Searched, searched
from marketplace.services.viewers import viewer_from
from registry.api.conditions import etag_of, revision_of
from registry.api.serializers import (
    PackageChangeSerializer,
    PackageSerializer,
    UploadSerializer,
    VersionChangeSerializer,
    VersionSerializer,
)
from registry.domain.formats import detect
from registry.selectors.facets import facets
from registry.selectors.filters import NAMES, filtered
from registry.selectors.packages import package_get, publisher_get, version_get, versions_of
from registry.selectors.search import SORTS, packages_in_order, search
from registry.services.access import ensure_may_publish_as
from registry.services.intake import content_of_stream
from registry.services.lifecycle import version_deprecate, version_restore, version_unpublish, version_yank
from registry.services.publishing import Release, version_receive
from registry.services.tags import ensure_tag
from registry.services.visibility import visibility_set

if TYPE_CHECKING:
    from rest_framework.request import Request

    from registry.domain.formats import Entry
    from registry.models import Version

PAGE = 20
PAGE_MOST = 100


def ensure_signed_in(request: Request) -> None:
    """Raise NotAuthenticated for nobody."""
    if viewer_from(request).is_anonymous:
        raise NotAuthenticated


class PackageList(APIView):
    """All public packages, and the way to publish."""

    parser_classes = [MultiPartParser, BoundedJSONParser]

    @extend_schema(
        operation_id="list_packages",
        parameters=[
            OpenApiParameter("q", str),
            *(OpenApiParameter(name, str, many=name in {"kind", "without"}) for name in NAMES),
            OpenApiParameter("sort", str, enum=list(SORTS)),
            OpenApiParameter("size", int),
            OpenApiParameter("cursor", str),
        ],
        responses=PackageSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Packages that match the words and the filters, pages by `cursor`."""
        asked = request.query_params
        sort = asked.get("sort", "")
        documents, _chosen, wrong = filtered(asked)
        if wrong:
            raise Invalid("MP9004", {"reason": "; ".join(f"{name}: {reason}" for name, reason in wrong.items())})
        if sort and sort not in SORTS:
            raise Invalid("MP9004", {"reason": f"sort is none of {', '.join(SORTS)}"})
        size = _size(asked.get("size", ""))
        after = cursors.decode(asked["cursor"]) if asked.get("cursor") else {}
        found = search(query=asked.get("q", ""), documents=documents, sort=sort, after=after, size=size)
        rows = packages_in_order(viewer_from(request), found.ids)
        if not after:
            agent, address = request.headers.get("User-Agent", ""), client_address(request.META)
            searched(Searched(asked.get("q", ""), found.total, viewer_from(request), address, agent))
        following = None
        if found.following is not None:
            kept = [(key, value) for key, values in asked.lists() for value in values if key != "cursor"]
            cursor = cursors.encode(found.following)
            following = f"{request.build_absolute_uri(request.path)}?{urlencode([*kept, ('cursor', cursor)])}"
        answer = {"results": PackageSerializer(rows, many=True).data, "total": found.total, "next": following}
        return Response(answer | {"meant": found.meant or None})

    @extend_schema(
        operation_id="publish_package",
        request={"multipart/form-data": UploadSerializer},
        responses={202: VersionSerializer},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Publish one package from an archive; 202 with the version's address, where its state can be followed.

        With an `Idempotency-Key`, a repeated request is answered again and publishes nothing.
        """
        ensure_signed_in(request)
        form = UploadSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        facts, by = form.validated_data, viewer_from(request)
        publisher = publisher_get(facts["publisher"])
        ensure_may_publish_as(by=by, publisher=publisher)
        ensure_tag(facts["tag"])
        visibility = facts.get("visibility")
        release = Release(
            number=facts.get("version"),
            tag=facts["tag"],
            is_private=None if visibility is None else visibility == "private",
        )
        entry = _one_entry(content_of_stream(facts["file"]))
        received = version_receive(publisher=publisher, entry=entry, release=release, by=by)
        return Response(
            VersionSerializer(received.version).data,
            status=status.HTTP_202_ACCEPTED if received.created else status.HTTP_200_OK,
            headers={"Location": address_of(received.version)},
        )


class PackageFacets(APIView):
    """How many results each filter would leave."""

    @extend_schema(
        operation_id="count_packages",
        parameters=[OpenApiParameter("q", str), *(OpenApiParameter(name, str) for name in NAMES)],
        responses={200: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> Response:
        """Counts by filter and value with the other filters applied; of at most 2,000 matches, 10,000 without words."""
        _documents, chosen, wrong = filtered(request.query_params)
        if wrong:
            raise Invalid("MP9004", {"reason": "; ".join(f"{name}: {reason}" for name, reason in wrong.items())})
        found = facets(query=request.query_params.get("q", ""), chosen=chosen)
        return Response({"total": found.total, "is_bounded": found.is_bounded, "counts": found.counts})


class PackageDetail(APIView):
    """One package."""

    @extend_schema(operation_id="get_package", responses=PackageSerializer)
    def get(self, request: Request, publisher: str, name: str) -> Response:
        """The package; its revision is the ETag."""
        package = package_get(viewer_from(request), publisher, name)
        return Response(PackageSerializer(package).data, headers={"ETag": f'"{package.revision}"'})

    @extend_schema(operation_id="change_package", request=PackageChangeSerializer, responses=PackageSerializer)
    def patch(self, request: Request, publisher: str, name: str) -> Response:
        """Make the package public or private; `If-Match` with its revision refuses the change of what has changed."""
        ensure_signed_in(request)
        package = package_get(viewer_from(request), publisher, name)
        form = PackageChangeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        visibility_set(
            package=package,
            is_private=form.validated_data["visibility"] == "private",
            by=viewer_from(request),
            revision=revision_of(request),
        )
        package = package_get(viewer_from(request), publisher, name)
        return Response(PackageSerializer(package).data, headers=etag_of(package))


class VersionList(APIView):
    """The versions of one package."""

    @extend_schema(
        operation_id="list_versions",
        parameters=[OpenApiParameter("cursor", str)],
        responses=VersionSerializer(many=True),
    )
    def get(self, request: Request, publisher: str, name: str) -> Response:
        """Versions that the viewer may see, newest first, twenty a page."""
        package = package_get(viewer_from(request), publisher, name)
        rows = versions_of(viewer_from(request), package).select_related("package").prefetch_related("findings")
        if request.query_params.get("cursor"):
            rows = rows.filter(sort_key__lt=str(cursors.decode(request.query_params["cursor"]).get("before", "")))
        page = list(rows[: PAGE + 1])
        following = None
        if len(page) > PAGE:
            cursor = cursors.encode({"before": page[PAGE - 1].sort_key})
            following = f"{request.build_absolute_uri(request.path)}?{urlencode({'cursor': cursor})}"
        return Response({"results": VersionSerializer(page[:PAGE], many=True).data, "next": following})


class VersionDetail(APIView):
    """One version."""

    @extend_schema(operation_id="get_version", responses=VersionSerializer)
    def get(self, request: Request, publisher: str, name: str, number: str) -> Response:
        """The version by number or tag, with its state and findings."""
        package = package_get(viewer_from(request), publisher, name)
        return Response(VersionSerializer(version_get(viewer_from(request), package, number)).data)

    @extend_schema(operation_id="change_version", request=VersionChangeSerializer, responses=VersionSerializer)
    def patch(self, request: Request, publisher: str, name: str, number: str) -> Response:
        """Yank, restore, deprecate or unpublish; `If-Match` takes the package's revision."""
        ensure_signed_in(request)
        form = VersionChangeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        viewer = viewer_from(request)
        version = version_get(viewer, package_get(viewer, publisher, name), number)
        reason, revision = form.validated_data["reason"], revision_of(request)
        match form.validated_data["act"]:
            case "yank":
                version = version_yank(version=version, by=viewer, reason=reason, revision=revision)
            case "restore":
                version = version_restore(version=version, by=viewer, revision=revision)
            case "deprecate":
                version = version_deprecate(version=version, message=reason, by=viewer, revision=revision)
            case _:
                version = version_unpublish(version=version, by=viewer, revision=revision)
        return Response(VersionSerializer(version).data, headers=etag_of(version.package))


def address_of(version: Version) -> str:
    """The version's address in the API."""
    package = version.package
    names = {"publisher": package.publisher.name, "name": package.name, "number": version.number}
    return reverse("api-version", kwargs=names)


def _one_entry(content: Any) -> Entry:
    detection = detect(content)
    if not detection.entries:
        finding = detection.findings[0]
        raise Invalid(finding.code, dict(finding.params))
    if len(detection.entries) > 1:
        raise Invalid("MP3034", {"count": len(detection.entries)})
    return detection.entries[0]


def _size(text: str) -> int:
    return min(max(int(text), 1), PAGE_MOST) if text.isdecimal() and len(text) <= 4 else PAGE  # noqa: PLR2004
