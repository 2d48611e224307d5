"""The install box: what one viewer runs to get one package into each client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from installs.domain.client_lines import Client, Offered, clients_of, is_portable
from installs.domain.keys import digest_of, is_key
from installs.models import Library, PersonalAddress
from installs.selectors.libraries import holds
from installs.services.archives import public_files
from installs.services.personal import entry_name_in
from installs.services.seal import opened
from marketplace.services.viewers import signed_in_id, viewer_from
from payments.services.entitlements import is_paid
from registry.models import VersionArtifact

if TYPE_CHECKING:
    from django.http import HttpRequest  # noqa: TID251  (a visitor's library hangs on a cookie)

    from registry.models import Package

COOKIE = "library"


@dataclass(frozen=True, slots=True)
class InstallBox:
    """Lines by client; `address` is the viewer's own once the package is in their library."""

    clients: list[Client]
    add_url: str
    remove_url: str
    in_library: bool
    address: str
    is_visitor: bool
    cooldown_hours: int


def install_box(request: HttpRequest, package: Package) -> InstallBox | None:
    """The box for this viewer; None while there is nothing to install."""
    if package.latest is None:
        return None
    library, key = library_of_request(request)
    in_library = holds(library, package)
    address = f"{settings.BASE_URL}/git/i/{key}.git" if key and in_library else ""
    names = {"publisher": package.publisher.name, "name": package.name}
    return InstallBox(
        clients=clients_of(_offered(package, key if in_library else "")),
        add_url=reverse("library-add", kwargs=names),
        remove_url=reverse("library-remove", kwargs=names),
        in_library=in_library,
        address=address,
        is_visitor=viewer_from(request).is_anonymous,
        cooldown_hours=settings.COOLDOWN_HOURS,
    )


def _offered(package: Package, key: str) -> Offered:
    """The package as the lines need it; `key` leads to the library that holds it, or is empty."""
    is_private = package.is_private or is_paid(package)
    version = package.latest if is_private else package.shared or package.latest
    inside = (version.manifest.get("components") or {}) if version else {}
    files = public_files(version) if version and not is_private else {}
    return Offered(
        base=settings.BASE_URL,
        npm_base=settings.NPM_BASES[0],
        site=settings.SITE_SLUG,
        publisher=package.publisher.name,
        name=package.name,
        number=version.number if version else "",
        is_private=is_private,
        is_extension=version is not None and version.format == "gemini-extension",
        has_skills=bool(inside.get("skills")),
        servers=[server for server in inside.get("mcp_servers") or [] if is_portable(server)],
        key=key,
        entry=entry_name_in(key, package.full_name) if key else "",
        archive=files.get(VersionArtifact.Role.PLUGIN, ""),
        bundle=files.get(VersionArtifact.Role.MCPB, ""),
    )


def library_of_request(request: HttpRequest) -> tuple[Library | None, str]:
    """The viewer's library and a key that leads to it, as far as there are any; nothing is made."""
    viewer = viewer_from(request)
    if not viewer.is_anonymous:
        library = Library.objects.filter(user_id=signed_in_id(viewer)).first()
        live = library.addresses.filter(revoked_at__isnull=True).order_by("-id").first() if library else None
        return library, (opened(live.sealed) or "") if live else ""
    key = request.COOKIES.get(COOKIE, "")
    if not is_key(key):
        return None, ""
    digest = digest_of(key)
    address = PersonalAddress.objects.filter(digest=digest, revoked_at__isnull=True).select_related("library").first()
    if address is None or address.library.user_id is not None:
        return None, ""
    return address.library, key
