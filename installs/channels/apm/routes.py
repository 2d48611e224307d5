"""Addresses of the apm registry; clients are given `/apm` as its base."""

from __future__ import annotations

from django.urls import re_path

from installs.channels.apm.views import download, version, versions

PACKAGE = r"^apm/v1/packages/(?P<publisher>[a-z0-9-]{1,39})/(?P<name>[a-z0-9._-]{1,64})/versions"
NUMBER = r"(?P<number>[0-9A-Za-z.+-]{1,128})"

patterns = [
    re_path(rf"{PACKAGE}$", versions, name="apm-versions"),
    re_path(rf"{PACKAGE}/{NUMBER}$", version, name="apm-version"),
    re_path(rf"{PACKAGE}/{NUMBER}/download$", download, name="apm-download"),
]
