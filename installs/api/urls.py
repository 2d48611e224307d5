"""Addresses of the API of installs, below /api/v1/."""

from __future__ import annotations

from django.urls import path, re_path

from installs.api.consent import LibraryConsent, LibraryList
from installs.api.numbers import PackageNumbers

P = r"^library/@(?P<publisher>[a-z0-9-]{1,39})/(?P<name>[a-z0-9._-]{1,64})"
PACKAGE = r"^packages/@(?P<publisher>[a-z0-9-]{1,39})/(?P<name>[a-z0-9._-]{1,64})"

urlpatterns = [
    re_path(PACKAGE + r"/numbers$", PackageNumbers.as_view(), name="api-numbers"),
    path("library", LibraryList.as_view(), name="api-library"),
    re_path(P + r"/consent$", LibraryConsent.as_view(), name="api-consent"),
]
