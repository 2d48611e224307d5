from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from installs.models import Consent
from installs.selectors.libraries import library_find, offer_of, offers_of
from installs.services.consent import consent_decide
from marketplace.core.errors import NotAllowed, NotFound
from marketplace.domain.viewer import Scope
from marketplace.services.viewers import viewer_from
from registry.selectors.packages import package_get, version_get

if TYPE_CHECKING:
    from rest_framework.request import Request

    from installs.selectors.libraries import Offer
    from marketplace.domain.viewer import Viewer


class ConsentSerializer(serializers.Serializer[Any]):
    """An answer: which version, and what."""

    version = serializers.CharField(max_length=128)
    act = serializers.ChoiceField(Consent.Act.choices)


class LibraryList(APIView):
    """What is in the library."""

    @extend_schema(operation_id="list_library", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Each package with the version that clients get, and the one that waits."""
        viewer = _signed_in(request)
        library = library_find(viewer)
        offers = offers_of(library, viewer) if library else []
        rows = [_row(offer) for offer in offers if viewer.may_touch(offer.package.full_name)]
        return Response({"results": rows})


class LibraryConsent(APIView):
    """The answer to a version that waits."""

    @extend_schema(operation_id="decide_consent", request=ConsentSerializer, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, publisher: str, name: str) -> Response:
        """Accept the version, skip what it asks for, or stay on what is offered now."""
        viewer = _signed_in(request)
        if not viewer.may_use(Scope.MANAGE):
            raise NotAllowed("MP5030")
        form = ConsentSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        package = package_get(viewer, publisher, name)
        if not viewer.may_touch(package.full_name):
            raise NotAllowed("MP5002", {"name": package.full_name})
        library = library_find(viewer)
        offer = offer_of(library, viewer, package) if library else None
        if library is None or offer is None:
            raise NotFound("MP5004", {"name": package.full_name})
        version = version_get(viewer, package, form.validated_data["version"])
        act = Consent.Act(form.validated_data["act"])
        consent_decide(install=offer.install, version=version, act=act, by=viewer)
        after = offer_of(library, viewer, package)
        return Response(_row(after) if after is not None else {})


def _signed_in(request: Request) -> Viewer:
    viewer = viewer_from(request)
    if viewer.is_anonymous:
        raise NotAuthenticated
    return viewer


def _row(offer: Offer) -> dict[str, Any]:
    return {
        "package": offer.package.full_name,
        "offered": offer.version.number if offer.version else None,
        "pinned": offer.install.pinned_id is not None,
        "waiting": offer.newer.number if offer.newer else None,
        "asks_for_more": offer.asks,
        "offered_from": offer.newer.settles_at if offer.newer and not offer.asks else None,
    }
