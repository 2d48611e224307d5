"""Addresses of stored bytes."""

from __future__ import annotations

from django.urls import re_path

from installs.channels.artifacts.views import artifact

ADDRESS = (
    r"^artifacts/@(?P<publisher>[a-z0-9-]{1,39})/(?P<name>[a-z0-9._-]{1,64})/(?P<number>[0-9A-Za-z.+-]{1,128})"
    r"/(?P<sha256>[0-9a-f]{64})/(?P<file>[^/]{1,160})$"
)
patterns = [re_path(ADDRESS, artifact, name="artifact")]
