"""Who sees a package, who maintains it, and where its tags point: what maintainers settle on the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.core.errors import MarketplaceError, NotAllowed, NotFound
from marketplace.services.viewers import viewer_from
from registry.domain.states import State
from registry.selectors.packages import (
    is_maintainer,
    maintainer_get,
    maintainers_of,
    package_get,
    tags_of,
    version_get,
    versions_of,
)
from registry.services.access import manages
from registry.services.maintainers import maintainer_add, maintainer_remove
from registry.services.tags import tag_remove, tag_set
from registry.services.visibility import visibility_set
from registry.views.access_forms import MaintainerForm, TagForm, VisibilityForm

if TYPE_CHECKING:
    from uuid import UUID

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from registry.models import Package

VERSIONS_OFFERED = 100


@login_required
@require_safe
def access(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """Visibility, maintainers and tags; raises NotFound MP3002, also for who may not change them."""
    return _page(request, _own(request, publisher, name))


@login_required
@require_POST
def visibility_change(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """Show the package to everyone, or to its own people only."""
    package = _own(request, publisher, name)
    form = VisibilityForm(request.POST)
    if form.is_valid():
        facts = form.cleaned_data
        try:
            is_private = facts["visibility"] == "private"
            visibility_set(package=package, is_private=is_private, by=viewer_from(request), revision=facts["revision"])
        except MarketplaceError as refusal:
            _refuse(form, "visibility", refusal)
        else:
            words = _("%(name)s is private now.") if is_private else _("%(name)s is public now.")
            messages.success(request, words % {"name": package.full_name})
            return redirect("package-access", publisher=publisher, name=name)
    return _page(request, package, visibility_form=form)


@login_required
@require_POST
def maintainer_new(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """Let somebody else publish it too."""
    package = _own(request, publisher, name)
    form = MaintainerForm(request.POST)
    if form.is_valid():
        try:
            row = maintainer_add(package=package, email=form.cleaned_data["email"], by=viewer_from(request))
        except MarketplaceError as refusal:
            _refuse(form, "email", refusal)
        else:
            messages.success(request, _("%(who)s maintains it now.") % {"who": row.user})
            return redirect("package-access", publisher=publisher, name=name)
    return _page(request, package, maintainer_form=form)


@login_required
@require_POST
def maintainer_gone(request: HttpRequest, publisher: str, name: str, id: UUID) -> HttpResponse:  # noqa: A002  (the word of the address)
    """Take the right back, or give up one's own."""
    package = _own(request, publisher, name)
    user = maintainer_get(package, id).user
    try:
        maintainer_remove(package=package, user=user, by=viewer_from(request))
    except MarketplaceError as refusal:
        _say(request, refusal)
    else:
        messages.success(request, _("%(who)s no longer maintains it.") % {"who": user})
    if not is_maintainer(viewer_from(request), package):
        return redirect("publish")
    return redirect("package-access", publisher=publisher, name=name)


@login_required
@require_POST
def tag_new(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """Point a tag to a version."""
    package = _own(request, publisher, name)
    form = TagForm(request.POST)
    if form.is_valid():
        tag, number = form.cleaned_data["tag"], form.cleaned_data["number"]
        try:
            version = version_get(viewer_from(request), package, number)
            tag_set(package=package, tag=tag, version=version, by=viewer_from(request))
        except MarketplaceError as refusal:
            _refuse(form, "number" if refusal.status == NotFound.status else "tag", refusal)
        else:
            messages.success(request, _("%(tag)s points to %(number)s.") % {"tag": tag, "number": version.number})
            return redirect("package-access", publisher=publisher, name=name)
    return _page(request, package, tag_form=form)


@login_required
@require_POST
def tag_gone(request: HttpRequest, publisher: str, name: str, tag: str) -> HttpResponse:
    """Forget a tag."""
    package = _own(request, publisher, name)
    try:
        tag_remove(package=package, tag=tag, by=viewer_from(request))
    except MarketplaceError as refusal:
        _say(request, refusal)
    else:
        messages.success(request, _("The tag %(tag)s is gone.") % {"tag": tag})
    return redirect("package-access", publisher=publisher, name=name)


def _own(request: HttpRequest, publisher: str, name: str) -> Package:
    package = package_get(viewer_from(request), publisher, name)
    if not is_maintainer(viewer_from(request), package):
        raise NotFound("MP3002", {"name": package.full_name})
    return package


def _say(request: HttpRequest, refusal: MarketplaceError) -> None:
    if refusal.status == NotAllowed.status:
        raise refusal
    messages.error(request, refusal.in_full)


def _refuse(form: Form, field: str, refusal: MarketplaceError) -> None:
    if refusal.status == NotAllowed.status:
        raise refusal
    form.add_error(field, refusal.in_full)


def _page(request: HttpRequest, package: Package, **refused: Form) -> HttpResponse:
    viewer = viewer_from(request)
    published = versions_of(viewer, package).filter(state=State.PUBLISHED).values_list("number", flat=True)
    context: dict[str, Any] = {
        "package": package,
        "tab": "access",
        "manages": manages(viewer, package),
        "maintainers": list(maintainers_of(package)),
        "tags": list(tags_of(viewer, package)),
        "numbers": list(published[:VERSIONS_OFFERED]),
        "visibility_form": VisibilityForm(initial=VisibilityForm.initial_of(package)),
        "maintainer_form": MaintainerForm(),
        "tag_form": TagForm(),
    }
    return render(request, "registry/access.html", context | refused, status=422 if refused else 200)
