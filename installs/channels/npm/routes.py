"""The addresses of the npm registry; `%2f`, `%2F` and `/` in names reach us decoded, so they are alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import URLPattern, path, re_path, register_converter

from installs.channels.npm import access, accounts
from installs.channels.npm.advisories import advisories, quick_audit
from installs.channels.npm.couch import couch_sign_in, couch_user
from installs.channels.npm.endpoint import asking_endpoint, endpoint, misnamed, nobodys_endpoint, nothing
from installs.channels.npm.limits import POLLS, SIGN_INS, WRITES
from installs.channels.npm.packuments import manifest, packument
from installs.channels.npm.service import keys, ping, search
from installs.channels.npm.tarballs import tarball
from installs.channels.npm.writing import (
    package_put,
    revision_delete,
    revision_put,
    tag_delete,
    tag_put,
    tags,
    tarball_delete,
)

if TYPE_CHECKING:
    from installs.channels.npm.endpoint import Handler


class PartConverter:
    """One part of an address: no slash, no control characters, no `@` in front."""

    regex = r"[^@/\x00-\x20\x7f][^/\x00-\x20\x7f]*"

    def to_python(self, value: str) -> str:
        """The part as it is."""
        return value

    def to_url(self, value: str) -> str:
        """The part as it is."""
        return value


class BareConverter(PartConverter):
    """A package's name without scope; `-` alone begins the registry's own addresses."""

    regex = r"(?!-(?:/|$))[^@/\x00-\x20\x7f][^/\x00-\x20\x7f]*"


register_converter(PartConverter, "part")
register_converter(BareConverter, "bare")
TEAM = ("GET", "PUT", "DELETE")
NAMES = ("@<part:publisher>/<part:name>", "<bare:bare>")


def _of_packages(address: str, **handlers: Handler) -> list[URLPattern]:
    """The same address for names with and without scope; `NAME` stands for the name."""
    view = endpoint(**handlers)
    return [path(address.replace("NAME", name), view) for name in NAMES]


service_patterns: list[URLPattern] = [
    path("ping", endpoint(GET=ping)),
    path("whoami", endpoint(GET=accounts.whoami)),
    path("npm/v1/user", endpoint(GET=accounts.profile, POST=accounts.profile_set)),
    path("npm/v1/tokens", endpoint(GET=accounts.tokens, POST=accounts.token_create)),
    path("npm/v1/tokens/token/<part:key>", endpoint(DELETE=accounts.token_revoke)),
    path("user/token/<part:key>", endpoint(DELETE=accounts.logout)),
    path("npm/v1/keys", endpoint(GET=keys)),
    path("v1/search", endpoint(GET=search)),
    path("v1/login", nobodys_endpoint({"POST": SIGN_INS}, POST=accounts.login)),
    path("v1/done/<part:poll>", nobodys_endpoint({"GET": POLLS}, GET=accounts.done)),
    path("npm/v1/security/advisories/bulk", asking_endpoint(POST=advisories)),
    path("npm/v1/security/audits/quick", asking_endpoint(POST=quick_audit)),
    path("npm/v1/security/audits", asking_endpoint(POST=quick_audit)),
    path("user/org.couchdb.user:<part:user>", nobodys_endpoint({"PUT": WRITES}, GET=couch_user, PUT=couch_sign_in)),
    path(
        "user/org.couchdb.user:<part:user>/-rev/<part:revision>", nobodys_endpoint({"PUT": WRITES}, PUT=couch_sign_in)
    ),
    path("user/<part:user>/package", endpoint(GET=access.packages_of_user)),
    path("org/<part:scope>/package", endpoint(GET=access.packages_of_scope)),
    path(
        "org/<part:scope>/user", endpoint(GET=access.members, PUT=access.members_change, DELETE=access.members_change)
    ),
    path("org/<part:scope>/team", endpoint(GET=access.teams, PUT=access.members_change)),
    re_path(r"^team/(?P<scope>[^/]+)/(?P<team>[^/]+)(?:/.*)?$", endpoint(**dict.fromkeys(TEAM, access.members_change))),
    *_of_packages("package/NAME/visibility", GET=access.visibility),
    *_of_packages("package/NAME/collaborators", GET=access.collaborators),
    *_of_packages("package/NAME/access", POST=access.access_set),
    *_of_packages("package/NAME/dist-tags", GET=tags),
    *_of_packages("package/NAME/dist-tags/<part:tag>", PUT=tag_put, DELETE=tag_delete),
]

package_patterns: list[URLPattern] = [
    *_of_packages("NAME", GET=packument, PUT=package_put),
    *_of_packages("NAME/-rev/<part:revision>", PUT=revision_put, DELETE=revision_delete),
    *_of_packages("NAME/-/<part:file>", GET=tarball),
    path("@<part:publisher>/<part:name>/-/@<part:scope>/<part:file>", endpoint(GET=tarball)),
    *_of_packages("NAME/-/<part:file>/-rev/<part:revision>", DELETE=tarball_delete),
    *_of_packages("NAME/<part:spec>", GET=manifest),
    re_path(r"^(?P<odd>@[^/]*)$", misnamed),
    re_path(r"^", nothing),
]
