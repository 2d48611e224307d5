"""The registry's own addresses below `/-/`: ping, keys, search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from installs.channels.npm.answers import BadRequest, answer, page_of
from installs.channels.npm.body import read_json
from installs.domain.npm import iso
from installs.domain.npm_names import UNSCOPED, npm_name
from installs.domain.npm_search import query_of, score_of
from installs.selectors.npm_search import packages_searched
from installs.services.searches import search_note
from marketplace.core.clients import client_address
from marketplace.core.searched import Searched
from registry.services.signing import public_keys

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from installs.channels.npm.call import Call
    from registry.models import Package

KEY_TYPE = "ecdsa-sha2-nistp256"


def ping(_call: Call) -> HttpResponse:
    """GET: the registry is there."""
    return answer({})


def keys(_call: Call) -> HttpResponse:
    """GET: the public keys that versions are and were signed with; npm refuses what a key signed after it expired."""
    told = [
        {"expires": key.expires, "keyid": key.keyid, "keytype": KEY_TYPE, "scheme": KEY_TYPE, "key": key.public}
        for key in public_keys()
    ]
    response = answer({"keys": told})
    response["Cache-Control"] = "public, max-age=300"
    return response


def search(call: Call) -> HttpResponse:
    """GET: packages that have every word of `text`, a page of them (`size`, `from`)."""
    if "text" not in call.request.GET:
        raise BadRequest("MP5023")
    query = query_of(
        call.request.GET["text"], size=call.request.GET.get("size", ""), offset=call.request.GET.get("from", "")
    )
    found = packages_searched(call.viewer, query)
    if not query.offset:
        agent, address = call.request.headers.get("User-Agent", ""), client_address(call.request.META)
        search_note(Searched(call.request.GET["text"], found.total, call.viewer, address, agent))
    now = timezone.now()
    objects = [_hit(package, downloads, now) for package, downloads in found.packages]
    return answer({"objects": objects, "total": found.total, "time": iso(now)})


def advisories(call: Call) -> HttpResponse:
    """POST: what is known against the packages in the body; nothing so far."""
    read_json(call.request)
    return answer({})


def _hit(package: Package, downloads: int, now: datetime) -> dict[str, Any]:
    latest = package.latest
    moment = (latest.published_at if latest else None) or package.updated_at
    person = {"username": package.publisher.name, "email": f"{package.publisher.name}@users.noreply.{_host()}"}
    links = {"npm": page_of(package.full_name), "homepage": package.homepage, "repository": package.repository}
    told = {
        "name": npm_name(package.full_name),
        "scope": package.publisher.name if package.publisher.name != UNSCOPED else "unscoped",
        "version": latest.number if latest else "",
        "description": package.summary,
        "keywords": package.keywords,
        "date": iso(moment),
        "license": package.licence,
        "links": {name: address for name, address in links.items() if address},
        "publisher": person,
        "maintainers": [person],
    }
    facts = (package.summary, package.licence, package.repository or package.homepage, package.keywords)
    filled = sum(map(bool, facts))
    score = score_of(described=filled, of=len(facts), downloads=downloads, days_old=(now - moment).days)
    detail = {"quality": score.quality, "popularity": score.popularity, "maintenance": score.maintenance}
    return {
        "package": told,
        "score": {"final": score.final, "detail": detail},
        "searchScore": score.final,
        "downloads": {"monthly": downloads},
        "updated": iso(package.updated_at),
    }


def _host() -> str:
    return settings.BASE_URL.split("://", 1)[-1].split("/", 1)[0].split(":", 1)[0]
