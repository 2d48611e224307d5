"""The addresses of a host that is the registry's alone."""

from __future__ import annotations

from django.urls import include, path

from installs.channels.npm.routes import package_patterns, service_patterns

urlpatterns = [
    path("-/", include(service_patterns)),
    path("", include(package_patterns)),
]
