"""Who may see and who may publish: visibility, maintainers, and what npm asks about organizations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from installs.channels.npm.answers import BadRequest, answer
from installs.channels.npm.body import read_object
from installs.channels.npm.confirming import ensure_confirmed
from installs.domain.npm_names import npm_name
from installs.selectors.npm_people import maintainers_of, members_of, person_get
from installs.services.npm_changes import npm_maintainers_set
from marketplace.core.errors import NotAllowed, NotFound
from registry.selectors.packages import package_get, packages_maintained_by, packages_visible_to
from registry.services.visibility import visibility_set

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from installs.channels.npm.call import Call
    from registry.models import Package

ACCESS = {"public": False, "restricted": True}
LISTED_MOST = 1000


def visibility(call: Call) -> HttpResponse:
    """GET: whether everybody may have it."""
    return answer({"public": not _package(call).is_private})


def collaborators(call: Call) -> HttpResponse:
    """GET: who may publish it, by name."""
    return answer({person.name: "write" for person in maintainers_of(_package(call))})


def access_set(call: Call) -> HttpResponse:
    """POST: public or restricted; second factors are a matter of the account here."""
    by, body = call.writer, read_object(call.request)
    if "access" not in body:
        raise NotAllowed("MP5025", {"page": f"{settings.BASE_URL}/account/command-lines"})
    wanted = ACCESS.get(str(body["access"]))
    if wanted is None:
        raise BadRequest("MP9010", {"form": "npm access"})
    ensure_confirmed(call, f"make {call.full_name} {body['access']}")
    package = visibility_set(package=_package(call), is_private=wanted, by=by)
    return answer({"public": not package.is_private})


def maintainers_put(call: Call, maintainers: object) -> HttpResponse:
    """PUT of `maintainers`: exactly these people from now on; an organization's name in it stands for itself."""
    by = call.writer
    if not isinstance(maintainers, list):
        raise BadRequest("MP9010", {"form": "list of maintainers"})
    names = [str(item.get("name", "")) for item in maintainers if isinstance(item, dict)]
    package = _package(call)
    own = package.publisher.name if package.publisher.organization_id is not None else None
    people = [person_get(name) for name in names if name != own]
    ensure_confirmed(call, f"change the maintainers of {call.full_name} to {', '.join(sorted(names))}")
    wanted = {person.user_id for person in people if person.user_id is not None}
    npm_maintainers_set(package=package, user_ids=wanted, revision=call.parts["revision"], by=by)
    return answer({"ok": "maintainers changed", "id": call.full_name}, status=201)


def packages_of_user(call: Call) -> HttpResponse:
    """GET: the packages that somebody maintains, as far as the viewer may know of them."""
    person = person_get(call.parts["user"])
    if person.user_id == call.user_id:
        return _listed(packages_maintained_by(call.writer), call)
    return _listed(packages_visible_to(call.viewer).filter(maintainers__user_id=person.user_id or 0), call)


def packages_of_scope(call: Call) -> HttpResponse:
    """GET: the packages of an organization's publisher; NotFound MP3001 makes npm ask for a person instead."""
    packages = packages_visible_to(call.viewer).filter(publisher__name=call.parts["scope"])
    owned = packages.filter(publisher__organization__isnull=False)
    if not owned.exists():
        raise NotFound("MP3001", {"name": call.parts["scope"]})
    return _listed(owned, call)


def members(call: Call) -> HttpResponse:
    """GET: the members of an organization and their roles, for its members; NotFound MP3001 for others."""
    found = members_of(call.writer, call.parts["scope"])
    if found is None:
        raise NotFound("MP3001", {"name": call.parts["scope"]})
    return answer(found)


def teams(call: Call) -> HttpResponse:
    """GET: organizations have roles here and no teams; one stands for all members."""
    members(call)
    return answer([f"{call.parts['scope']}:members"])


def members_change(call: Call) -> HttpResponse:
    """PUT, DELETE: members and teams are changed on the site."""
    raise NotAllowed("MP5025", {"page": f"{settings.BASE_URL}/account/organizations", "by": call.writer.name})


def _listed(packages: QuerySet[Package], call: Call) -> HttpResponse:
    rows = list(packages.order_by("full_name")[:LISTED_MOST])
    mine = packages_maintained_by(call.writer).filter(pk__in=[row.pk for row in rows])
    written = set(mine.values_list("pk", flat=True))
    return answer({npm_name(row.full_name): "write" if row.pk in written else "read" for row in rows})


def _package(call: Call) -> Package:
    return package_get(call.viewer, call.publisher, call.name)
