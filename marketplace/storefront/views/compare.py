"""What changed between two versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from installs.selectors.libraries import offer_of
from installs.services.grants import source_grant
from marketplace.core.errors import Invalid
from marketplace.services.viewers import viewer_from
from marketplace.storefront.installing import library_of_request
from registry.domain.states import State
from registry.selectors.packages import package_get, version_get, versions_of
from registry.services.comparing import changes_between

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from installs.selectors.libraries import Offer
    from registry.models import Package, Version

CHOICES = 200


@require_safe
def compare(request: HttpRequest, publisher: str, name: str, old: str, new: str) -> HttpResponse:
    """The difference from `old` to `new`, each a number or a tag; raises NotFound MP3003, Invalid MP3063."""
    viewer = viewer_from(request)
    package = package_get(viewer, publisher, name)
    before, after = version_get(viewer, package, old), version_get(viewer, package, new)
    if before.pk == after.pk:
        raise Invalid("MP3063")
    for version in (before, after):
        source_grant(viewer, version)
    context = {
        "package": package,
        "before": before,
        "after": after,
        "changes": changes_between(before, after),
        "decision": _decision(request, package, after),
        "versions": list(versions_of(viewer, package).values_list("number", flat=True)[:CHOICES]),
    }
    return render(request, "storefront/compare.html", context)


def _decision(request: HttpRequest, package: Package, after: Version) -> Offer | None:
    """The viewer's install when `after` is a version that they do not get yet."""
    library, _ = library_of_request(request)
    offer = offer_of(library, viewer_from(request), package) if library is not None else None
    if offer is None or after.state != State.PUBLISHED:
        return None
    has_it = offer.version is not None and offer.version.sort_key >= after.sort_key
    return None if has_it else offer


@require_safe
def choose(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """The form above the difference: two numbers lead to their address."""
    old, new = request.GET.get("from", ""), request.GET.get("to", "")
    package = package_get(viewer_from(request), publisher, name)
    for number in (old, new):
        version_get(viewer_from(request), package, number)
    return redirect("package-compare", publisher=publisher, name=name, old=old, new=new)
