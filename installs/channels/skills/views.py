"""Indexes of skills, their files one by one, and finding skills by words."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse, JsonResponse

from installs.channels.artifacts.views import UPDATE_CHECK, deliver
from installs.channels.delivery import delivery_of
from installs.channels.refusals import reading
from installs.domain.skill_index import MANUAL, archives, files
from installs.selectors.counts import downloads_of
from installs.services.downloads import download_record
from installs.services.personal import key_viewer
from installs.services.skills import Shown, package_skills, personal_skills, publisher_skills, skill_file
from marketplace.core.errors import NotFound
from marketplace.domain.viewer import ANONYMOUS
from registry.models import SearchDocument
from registry.selectors.search import QUERY_MOST, packages_in_order, search

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

SHARED = "public, max-age=60"
PERSONAL = "private, no-store"
FOUND_MOST = 50


def well_known(resolve: Callable[..., Shown], cache_control: str) -> Callable[..., HttpResponseBase]:
    """A view of one kind of address: `form` is the index that is asked for, `path` a file of `skill` beside it."""

    def view(request: HttpRequest, form: str, skill: str = "", path: str = "", **names: str) -> HttpResponseBase:
        shown = resolve(**names)
        if not shown.offers:
            raise NotFound("MP9001")
        if path:
            response = _file(request, shown, skill, path)
        else:
            response = JsonResponse((archives if form == "agent-skills" else files)(shown.offers))
        response["Cache-Control"] = cache_control
        response["Access-Control-Allow-Origin"] = "*"
        if cache_control == PERSONAL:
            response["Referrer-Policy"] = "no-referrer"
            response["X-Robots-Tag"] = "noindex"
        return response

    return reading(view)


def _file(request: HttpRequest, shown: Shown, skill: str, path: str) -> HttpResponse:
    """A file's bytes; the manual is what every install reads once."""
    offer = next((offer for offer in shown.offers if offer.name == skill), None)
    if offer is None or path not in offer.files:
        raise NotFound("MP9001")
    row = shown.rows[skill]
    if path == MANUAL and request.method == "GET" and UPDATE_CHECK not in request.headers:
        download_record(version=row.version, viewer=shown.viewer, delivery=delivery_of(request, "skills"))
    response = HttpResponse(skill_file(row, path), content_type="application/octet-stream")
    if path == MANUAL:
        response["Content-Type"] = "text/markdown; charset=utf-8"
    response["Content-Security-Policy"] = "sandbox"
    response["Content-Disposition"] = "attachment"
    return response


@reading
def personal_artifact(request: HttpRequest, key: str, **names: str) -> HttpResponseBase:
    """A zip that a personal index names: these clients send no token, so the key stands in the address."""
    response = deliver(request, key_viewer(key), **names)
    response["Cache-Control"] = PERSONAL
    response["Referrer-Policy"] = "no-referrer"
    return response


@reading
def find(request: HttpRequest) -> HttpResponse:
    """`skills find`: what to add, under which name, how often it was installed in thirty days."""
    query, owner = request.GET.get("q", "")[:QUERY_MOST], request.GET.get("owner", "")
    limit = request.GET.get("limit", "")
    size = min(max(int(limit), 1), FOUND_MOST) if limit.isdecimal() and len(limit) < 4 else 20  # noqa: PLR2004
    documents = SearchDocument.objects.filter(kind__in=["skill", "plugin"])
    if owner:
        documents = documents.filter(package__publisher__name=owner.removeprefix("@").replace("\0", ""))
    found = search(query=query, documents=documents, size=size)
    packages = packages_in_order(ANONYMOUS, found.ids)
    counts = downloads_of([package.pk for package in packages])
    skills = [
        {
            "id": f"{package.full_name.removeprefix('@')}/{skill['name']}",
            "name": skill["name"],
            "source": f"{settings.BASE_URL}/{package.full_name}",
            "installs": counts.get(package.pk, 0),
        }
        for package in packages
        if package.latest
        for skill in (package.latest.manifest.get("components") or {}).get("skills") or []
    ]
    response = JsonResponse({"skills": skills[:size]})
    response["Cache-Control"] = SHARED
    response["Access-Control-Allow-Origin"] = "*"
    return response


package_index = well_known(package_skills, SHARED)
publisher_index = well_known(publisher_skills, SHARED)
personal_index = well_known(partial(personal_skills), PERSONAL)
