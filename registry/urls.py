"""Addresses of publishing."""

from __future__ import annotations

from django.urls import path, re_path

from registry.views import following, manage, publish

VERSION = r"^@(?P<publisher>[a-z0-9-]{1,39})/(?P<name>[a-z0-9._-]{1,64})/versions/(?P<number>[0-9A-Za-z.+-]{1,128})"

urlpatterns = [
    path("following", following.following, name="following"),
    re_path(
        r"^@(?P<publisher>[a-z0-9-]{1,39})/(?P<name>[a-z0-9._-]{1,64})/follow$",
        following.follow_package,
        name="follow-package",
    ),
    re_path(r"^@(?P<name>[a-z0-9-]{1,39})/follow$", following.follow_publisher, name="follow-publisher"),
    re_path(
        r"^@(?P<publisher>[a-z0-9-]{1,39})/(?P<name>[a-z0-9._-]{1,64})/edit$", manage.listing_edit, name="listing-edit"
    ),
    path("publish", publish.publish, name="publish"),
    path("publish/import", publish.import_start, name="import"),
    path("publish/<uuid:id>", publish.draft, name="publish-draft"),
    re_path(VERSION + r"/(?P<act>yank|restore|deprecate|unpublish)$", manage.version_act, name="version-act"),
]
