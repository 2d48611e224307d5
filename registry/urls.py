"""Addresses of publishing."""

from __future__ import annotations

from django.urls import path, re_path

from registry.views import access, collections, following, manage, pictures, proofs, publish

PACKAGE = r"^@(?P<publisher>[a-z0-9-]{1,39})/(?P<name>[a-z0-9._-]{1,64})"
PROOFS = r"^console/verification/@(?P<name>[a-z0-9-]{1,39})"
ID = r"(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
VERSION = PACKAGE + r"/versions/(?P<number>[0-9A-Za-z.+-]{1,128})"

urlpatterns = [
    path("following", following.following, name="following"),
    path("collections/new", collections.new, name="collection-new"),
    path("collections/<slug:slug>/edit", collections.edit, name="collection-edit"),
    path("collections/<slug:slug>/delete", collections.delete, name="collection-delete"),
    path("collections/<slug:slug>/follow", following.follow_collection, name="follow-collection"),
    path("collections/<slug:slug>/entries", collections.entry_new, name="collection-entry-new"),
    re_path(
        r"^collections/(?P<slug>[a-z0-9-]{1,64})/entries/" + PACKAGE.removeprefix("^") + "$",
        collections.entry_act,
        name="collection-entry",
    ),
    re_path(PACKAGE + r"/collect$", collections.collect, name="package-collect"),
    re_path(PACKAGE + r"/follow$", following.follow_package, name="follow-package"),
    re_path(r"^@(?P<name>[a-z0-9-]{1,39})/follow$", following.follow_publisher, name="follow-publisher"),
    re_path(PACKAGE + r"/edit$", manage.listing_edit, name="listing-edit"),
    re_path(PACKAGE + r"/media/(?P<sha256>[0-9a-f]{64})\.webp$", pictures.picture, name="picture"),
    re_path(PACKAGE + r"/pictures$", pictures.picture_new, name="picture-new"),
    re_path(PACKAGE + r"/pictures/(?P<id>[0-9a-f-]{36})$", pictures.picture_act, name="picture-act"),
    re_path(PACKAGE + r"/access$", access.access, name="package-access"),
    re_path(PACKAGE + r"/access/visibility$", access.visibility_change, name="package-visibility"),
    re_path(PACKAGE + r"/access/maintainers$", access.maintainer_new, name="package-maintainer-new"),
    re_path(
        PACKAGE + r"/access/maintainers/(?P<id>[0-9a-f-]{36})/remove$",
        access.maintainer_gone,
        name="package-maintainer-gone",
    ),
    re_path(PACKAGE + r"/access/tags$", access.tag_new, name="package-tag-new"),
    re_path(PACKAGE + r"/access/tags/(?P<tag>[A-Za-z0-9._-]{1,64})/remove$", access.tag_gone, name="package-tag-gone"),
    re_path(PROOFS + r"$", proofs.verification, name="verification"),
    re_path(PROOFS + rf"/{ID}/(?P<act>check|remove)$", proofs.proof_act, name="proof-act"),
    path("publish", publish.publish, name="publish"),
    path("publish/import", publish.import_start, name="import"),
    path("publish/<uuid:id>/preview/<uuid:entry>", publish.preview, name="publish-preview"),
    path("publish/<uuid:id>", publish.draft, name="publish-draft"),
    re_path(VERSION + r"/(?P<act>yank|restore|deprecate|unpublish)$", manage.version_act, name="version-act"),
]
