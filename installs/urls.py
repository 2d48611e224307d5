"""Addresses of the channels."""

from __future__ import annotations

from django.urls import include, path, re_path

from installs.channels.apm.routes import patterns as apm
from installs.channels.artifacts.routes import patterns as artifacts
from installs.channels.claude.routes import patterns as claude
from installs.channels.git.routes import patterns as git
from installs.channels.mcp.routes import patterns as mcp
from installs.channels.npm.routes import package_patterns, service_patterns
from installs.channels.skills.routes import patterns as skills
from installs.views import client_requests, library

P = r"^library/@(?P<publisher>[a-z0-9-]{1,39})/(?P<name>[a-z0-9._-]{1,64})"

urlpatterns = [
    path("library", library.library, name="library"),
    path("library/rotate", library.rotate, name="library-rotate"),
    path("library/collections/<slug:slug>/add", library.add_collection, name="library-add-collection"),
    path("library/connect", library.connect, name="library-connect"),
    re_path(P + r"/pin$", library.pin, name="library-pin"),
    re_path(P + r"/add$", library.add, name="library-add"),
    re_path(P + r"/remove$", library.remove, name="library-remove"),
    re_path(P + r"/decide$", library.decide, name="library-decide"),
    path("login/<slug:page>", client_requests.client_request, name="client-request"),
    path("account/command-lines", client_requests.client_settings, name="client-settings"),
    *git,
    *claude,
    *artifacts,
    *skills,
    *mcp,
    *apm,
    path("npm/-/", include(service_patterns)),
    path("npm/", include(package_patterns)),
    path("-/", include(service_patterns)),
]
