"""The addresses of the npm registry; `%2f`, `%2F` and `/` in names reach us decoded, so they are alike."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path, register_converter

from installs.channels.npm.endpoint import endpoint, nothing
from installs.channels.npm.packuments import manifest, packument
from installs.channels.npm.service import advisories, keys, login, ping, search, whoami
from installs.channels.npm.tarballs import tarball
from installs.channels.npm.writing import (
    package_put,
    revision_delete,
    revision_put,
    tag_delete,
    tag_put,
    tags,
    tarball_delete,
    unscoped,
    unscoped_put,
)


class PartConverter:
    """One part of an address: no slash, no control characters, no `@` in front."""

    regex = r"[^@/\x00-\x20\x7f][^/\x00-\x20\x7f]*"

    def to_python(self, value: str) -> str:
        """The part as it is."""
        return value

    def to_url(self, value: str) -> str:
        """The part as it is."""
        return value


register_converter(PartConverter, "part")
PACKAGE = "@<part:publisher>/<part:name>"

service_patterns: list[URLPattern] = [
    path("ping", endpoint(GET=ping)),
    path("whoami", endpoint(GET=whoami)),
    path("npm/v1/keys", endpoint(GET=keys)),
    path("v1/search", endpoint(GET=search)),
    path("v1/login", endpoint(POST=login)),
    path("npm/v1/security/advisories/bulk", endpoint(POST=advisories)),
    path("npm/v1/security/audits/quick", endpoint(POST=advisories)),
    path("npm/v1/security/audits", endpoint(POST=advisories)),
    path(f"package/{PACKAGE}/dist-tags", endpoint(GET=tags)),
    path(f"package/{PACKAGE}/dist-tags/<part:tag>", endpoint(PUT=tag_put, DELETE=tag_delete)),
]

package_patterns: list[URLPattern] = [
    path(PACKAGE, endpoint(GET=packument, PUT=package_put), name="npm-package"),
    path(f"{PACKAGE}/-rev/<part:revision>", endpoint(PUT=revision_put, DELETE=revision_delete)),
    path(f"{PACKAGE}/-/<part:file>", endpoint(GET=tarball)),
    path(f"{PACKAGE}/-/<part:file>/-rev/<part:revision>", endpoint(DELETE=tarball_delete)),
    path(f"{PACKAGE}/<part:spec>", endpoint(GET=manifest)),
    path("<part:bare>", endpoint(GET=unscoped, PUT=unscoped_put)),
    re_path(r"^", nothing),
]
