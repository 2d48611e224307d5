"""Addresses of the registry's API, below /api/v1/."""

from __future__ import annotations

from django.urls import path, re_path

from registry.api.collections import (
    CollectionDetail,
    CollectionEntryDetail,
    CollectionList,
    CollectionOrder,
    PackageCollections,
)
from registry.api.compare import VersionComparison
from registry.api.following import CollectionFollow, Following, PackageFollow, PublisherFollow
from registry.api.imports import ImportDetail, ImportList
from registry.api.packages import PackageDetail, PackageFacets, PackageList, VersionDetail, VersionList
from registry.api.pictures import PictureDetail, PictureList
from registry.api.preflight import PreflightView
from registry.api.publishers import ProofDetail, ProofList, PublisherDetail
from registry.api.signature import VersionSignature
from registry.api.upkeep import MaintainerDetail, MaintainerList, TagDetail, TagList

UUID = r"(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
P = r"^packages/@(?P<publisher>[a-z0-9-]{1,39})/(?P<name>[a-z0-9._-]{1,64})"
PUBLISHER = r"^publishers/@(?P<name>[a-z0-9-]{1,39})"

urlpatterns = [
    path("preflight", PreflightView.as_view(), name="api-preflight"),
    path("packages", PackageList.as_view(), name="api-packages"),
    path("packages/facets", PackageFacets.as_view(), name="api-facets"),
    re_path(P + r"$", PackageDetail.as_view(), name="api-package"),
    re_path(P + r"/versions$", VersionList.as_view(), name="api-versions"),
    re_path(P + r"/versions/(?P<number>[0-9A-Za-z.+-]{1,128})$", VersionDetail.as_view(), name="api-version"),
    re_path(
        P + r"/versions/(?P<number>[0-9A-Za-z.+-]{1,128})/signature$", VersionSignature.as_view(), name="api-signature"
    ),
    re_path(
        P + r"/compare/(?P<old>[0-9A-Za-z.+-]{1,128}?)\.\.\.(?P<new>[0-9A-Za-z+-][0-9A-Za-z.+-]{0,127})$",
        VersionComparison.as_view(),
        name="api-compare",
    ),
    re_path(P + r"/maintainers$", MaintainerList.as_view(), name="api-maintainers"),
    re_path(
        P + r"/maintainers/" + UUID + r"$",
        MaintainerDetail.as_view(),
        name="api-maintainer",
    ),
    re_path(P + r"/pictures$", PictureList.as_view(), name="api-pictures"),
    re_path(P + r"/pictures/" + UUID + r"$", PictureDetail.as_view(), name="api-picture"),
    re_path(P + r"/collections$", PackageCollections.as_view(), name="api-package-collections"),
    re_path(P + r"/follow$", PackageFollow.as_view(), name="api-follow-package"),
    re_path(P + r"/tags$", TagList.as_view(), name="api-tags"),
    re_path(P + r"/tags/(?P<tag>[0-9A-Za-z._-]{1,64})$", TagDetail.as_view(), name="api-tag"),
    re_path(PUBLISHER + r"$", PublisherDetail.as_view(), name="api-publisher"),
    re_path(PUBLISHER + r"/follow$", PublisherFollow.as_view(), name="api-follow-publisher"),
    re_path(PUBLISHER + r"/proofs$", ProofList.as_view(), name="api-proofs"),
    re_path(PUBLISHER + r"/proofs/" + UUID + r"$", ProofDetail.as_view(), name="api-proof"),
    path("collections", CollectionList.as_view(), name="api-collections"),
    path("collections/<slug:slug>", CollectionDetail.as_view(), name="api-collection"),
    path("following", Following.as_view(), name="api-following"),
    path("collections/<slug:slug>/follow", CollectionFollow.as_view(), name="api-follow-collection"),
    path("collections/<slug:slug>/order", CollectionOrder.as_view(), name="api-collection-order"),
    re_path(
        r"^collections/(?P<slug>[a-z0-9-]{1,64})/entries/" + P.removeprefix("^packages/") + r"$",
        CollectionEntryDetail.as_view(),
        name="api-collection-entry",
    ),
    path("imports", ImportList.as_view(), name="api-imports"),
    path("imports/<uuid:id>", ImportDetail.as_view(), name="api-import"),
]
