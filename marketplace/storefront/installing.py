"""The install box: what one viewer runs to get one package into each client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from installs.domain import client_lines
from installs.domain.keys import digest_of, is_key
from installs.models import Library, PersonalAddress
from installs.selectors.libraries import holds
from installs.services.seal import opened
from marketplace.services.viewers import signed_in_id, viewer_from

if TYPE_CHECKING:
    from django.http import HttpRequest  # noqa: TID251  (a visitor's library hangs on a cookie)

    from installs.domain.client_lines import Client
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


def install_box(request: HttpRequest, package: Package) -> InstallBox | None:
    """The box for this viewer; None while there is nothing to install."""
    if package.latest is None:
        return None
    library, key = library_of_request(request)
    in_library = holds(library, package)
    address = f"{settings.BASE_URL}/git/i/{key}.git" if key and in_library else ""
    names = {"publisher": package.publisher.name, "name": package.name}
    return InstallBox(
        clients=_clients(package, address),
        add_url=reverse("library-add", kwargs=names),
        remove_url=reverse("library-remove", kwargs=names),
        in_library=in_library,
        address=address,
        is_visitor=viewer_from(request).is_anonymous,
    )


def _clients(package: Package, address: str) -> list[Client]:
    publisher, number = package.publisher.name, package.latest.number if package.latest else ""
    clients = []
    if address:
        clients.append(client_lines.claude(address, settings.SITE_SLUG, package.name))
    elif not package.is_private:
        public = f"{settings.BASE_URL}/git/{publisher}.git"
        clients.append(client_lines.claude(public, publisher, package.name))
    clients.append(client_lines.npm(f"{settings.BASE_URL}/npm", package.full_name, number))
    return clients


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
