"""Addresses of the channels."""

from __future__ import annotations

from django.urls import include, path

from installs.channels.git.routes import patterns as git
from installs.channels.npm.routes import package_patterns, service_patterns

urlpatterns = [
    *git,
    path("npm/-/", include(service_patterns)),
    path("npm/", include(package_patterns)),
    path("-/", include(service_patterns)),
]
