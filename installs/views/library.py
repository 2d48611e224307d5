"""My packages: what I have chosen, under which address clients read it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from installs.domain.keys import is_key
from installs.domain.machine_lines import machine_clients
from installs.domain.usage import Happened, Kind
from installs.models import Consent, Install
from installs.selectors.libraries import library_find, offers_of
from installs.services.consent import consent_decide
from installs.services.downloads import fetched_on
from installs.services.grants import download_grant
from installs.services.libraries import (
    COOKIE,
    Opened,
    address_claim,
    address_of,
    address_rotate,
    library_add,
    library_add_all,
    library_of,
    library_open,
    library_pin,
    library_remove,
    visitor_library_make,
)
from installs.services.usage import Visit, usage_note
from marketplace.core.clients import client_address
from marketplace.core.errors import NotFound
from marketplace.domain.viewer import Scope
from marketplace.models import User
from marketplace.services.tokens import token_create
from marketplace.services.viewers import viewer_from
from registry.selectors.collections import collection_get, entries_of
from registry.selectors.packages import package_get, published_numbers, version_get

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from registry.models import Package

SAID = {
    "accept": _("Accepted: clients get %(number)s at their next update."),
    "skip": _("Skipped %(number)s. You are asked again when a version asks for something else."),
    "stay": _("You stay on the version you have until you choose another; %(number)s is not offered."),
}
CHANNELS = {
    "git": _("git"),
    "git-catalog": _("git"),
    "git-personal": _("git"),
    "claude": _("Claude Code"),
    "skills": _("skills"),
    "mcpb": _("bundle"),
    "npm": _("npm"),
    "apm": _("apm"),
}
CONNECTED_DAYS = 365
COOKIE_SECONDS = 180 * 24 * 3600


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """The library of the account, or of the visitor's cookie; claims the cookie's when somebody has signed in."""
    key = request.COOKIES.get(COOKIE, "")
    claimed = (
        address_claim(key=key, by=viewer_from(request)) if not viewer_from(request).is_anonymous and is_key(key) else 0
    )
    current, key = _current(request)
    offers = offers_of(current.library, current.viewer) if current else []
    keys = [offer.package.pk for offer in offers]
    numbers = published_numbers(keys)
    fetched = {} if viewer_from(request).is_anonymous else fetched_on(viewer=viewer_from(request), package_ids=keys)
    context = {
        "rows": [
            (
                offer,
                numbers.get(offer.package.pk, []),
                dict.fromkeys(str(CHANNELS.get(name, name)) for name in fetched.get(offer.package.pk, [])),
            )
            for offer in offers
        ],
        "address": f"{settings.BASE_URL}/git/i/{key}.git" if key else "",
        "marketplace": settings.SITE_SLUG,
        "claimed": claimed,
        "cooldown_hours": settings.COOLDOWN_HOURS,
        "is_visitor": viewer_from(request).is_anonymous,
    }
    answer = render(request, "installs/library.html", context)
    if not viewer_from(request).is_anonymous:
        answer.delete_cookie(COOKIE)
    return _unshared(answer)


@require_POST
def add(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """Put a package into the library; a visitor gets one with their first choice."""
    viewer = viewer_from(request)
    package = package_get(viewer, publisher, name)
    page = reverse("package", kwargs={"publisher": publisher, "name": name}) + "#install"
    put = partial(library_add, package=package, by=viewer)
    return _add(request, put, [package], HttpResponseRedirect(page))


@require_POST
def add_collection(request: HttpRequest, slug: str) -> HttpResponse:
    """Put everything of a collection that the viewer may see into the library; raises NotFound MP3080."""
    viewer = viewer_from(request)
    packages = [entry.package for entry in entries_of(viewer, collection_get(viewer, slug))]
    return _add(request, partial(library_add_all, packages=packages, by=viewer), packages, redirect("library"))


def _add(
    request: HttpRequest, put: Callable[..., object], packages: list[Package], answer: HttpResponse
) -> HttpResponse:
    current, key = _current(request)
    if current is None:
        made, key = visitor_library_make()
        current = Opened(made, viewer_from(request))
    put(library=current.library)
    visit = Visit(viewer_from(request), client_address(request.META), request.headers.get("User-Agent", ""))
    usage_note(visit, [Happened(Kind.START, package.pk) for package in packages])
    if viewer_from(request).is_anonymous:
        answer.set_cookie(
            COOKIE, key, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    return _unshared(answer)


@require_POST
def remove(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """Take a package out of the library."""
    install = _chosen(request, f"@{publisher}/{name}")
    library_remove(library=install.library, package=install.package, by=viewer_from(request))
    return _unshared(redirect("library"))


@require_POST
def decide(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """Accept a version, skip it or stay on what is offered now; then back to the library."""
    full_name = f"@{publisher}/{name}"
    install, act = _chosen(request, full_name), request.POST.get("do", "")
    if act not in Consent.Act.values:
        raise NotFound("MP5004", {"name": full_name})
    package = package_get(viewer_from(request), publisher, name)
    version = version_get(viewer_from(request), package, request.POST.get("version", "")[:128])
    consent_decide(install=install, version=version, act=Consent.Act(act), by=viewer_from(request))
    messages.success(request, SAID[act] % {"number": version.number})
    return _unshared(redirect("library"))


@require_POST
def pin(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """Keep one version, or follow the newest again when none is named."""
    viewer = viewer_from(request)
    library = _chosen(request, f"@{publisher}/{name}").library
    package = package_get(viewer, publisher, name)
    number = request.POST.get("version", "")[:128]
    version = version_get(viewer, package, number) if number else None
    if version is not None:
        download_grant(viewer, version)
    library_pin(library=library, package=package, version=version, by=viewer)
    said = _("%(name)s stays at %(number)s.") if version else _("%(name)s follows its newest version again.")
    messages.success(request, said % {"name": package.full_name, "number": number})
    return _unshared(redirect("library"))


@require_POST
def connect(request: HttpRequest) -> HttpResponse:
    """Make one token that only reads, and show a command for each client; it is never shown again."""
    if viewer_from(request).is_anonymous:
        return redirect(f"{reverse('account_login')}?next={reverse('library')}")
    current, key = _current(request)
    offers = offers_of(current.library, current.viewer) if current else []
    user = User.objects.get(pk=viewer_from(request).user_id or 0)
    token, secret = token_create(
        user=user, name=gettext("Connected machine"), scopes=[Scope.READ], days=CONNECTED_DAYS, by=viewer_from(request)
    )
    clients = machine_clients(
        base=settings.BASE_URL,
        npm_base=settings.NPM_BASES[0],
        key=key,
        secret=secret,
        publishers={offer.package.publisher.name for offer in offers},
    )
    context = {"clients": clients, "token": token, "cooldown_hours": settings.COOLDOWN_HOURS}
    return _unshared(render(request, "installs/connect.html", context))


@require_POST
def rotate(request: HttpRequest) -> HttpResponse:
    """Revoke the personal address and make another."""
    if viewer_from(request).is_anonymous:
        return redirect(f"{reverse('account_login')}?next={reverse('library')}")
    address_rotate(by=viewer_from(request))
    return _unshared(redirect("library"))


def _chosen(request: HttpRequest, full_name: str) -> Install:
    """The package in the request's library; raises NotFound MP5004, and makes nothing."""
    library = library_find(viewer_from(request))
    if viewer_from(request).is_anonymous:
        visited, _key = _current(request)
        library = visited.library if visited else None
    rows = library.installs.select_related("package", "library") if library else Install.objects.none()
    install = rows.filter(package__full_name=full_name).first()
    if install is None:
        raise NotFound("MP5004", {"name": full_name})
    return install


def _current(request: HttpRequest) -> tuple[Opened | None, str]:
    """The request's library with a key to it; None for a visitor who has chosen nothing yet."""
    viewer = viewer_from(request)
    if not viewer.is_anonymous:
        own = library_of(by=viewer)
        return Opened(own, viewer), address_of(by=viewer, library=own)
    key = request.COOKIES.get(COOKIE, "")
    try:
        opened = library_open(key)
    except NotFound:
        return None, ""
    return (opened, key) if opened.viewer.is_anonymous else (None, "")


def _unshared(answer: HttpResponse) -> HttpResponse:
    """Its addresses hold no key, so that forms may say where they come from (a browser's Origin is null otherwise)."""
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
