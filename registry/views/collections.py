"""Making and changing collections on the site; the pages that show them are the storefront's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from marketplace.core.errors import MarketplaceError, NotAllowed, NotFound
from marketplace.domain.roles import Permission
from marketplace.selectors.organizations import memberships_of
from marketplace.services.viewers import viewer_from
from registry.domain.collections import ENTRIES_MOST, Step
from registry.selectors.collections import collection_get, collections_changeable_by, entries_of, may_change
from registry.selectors.packages import package_get
from registry.services.collections import (
    collection_change,
    collection_create,
    collection_delete,
    entry_move,
    entry_put,
    entry_remove,
)
from registry.views.collection_forms import CollectionForm, EntryForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from registry.models import Collection


MANAGE = Permission.MANAGE


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Start a collection; `package` is put into it, `editorial` makes it the editors' (moderators only)."""
    viewer = viewer_from(request)
    managed = [row.organization for row in memberships_of(viewer) if viewer.may_in(row.organization_id, MANAGE)]
    form = CollectionForm(request.POST or None, organizations=managed)
    if request.method == "POST" and form.is_valid():
        try:
            made = collection_create(
                facts=form.facts(),
                by=viewer,
                is_editorial=viewer.is_moderator and "editorial" in request.POST,
                organization=form.team(),
            )
        except MarketplaceError as refusal:
            form.add_error(None, refusal.in_full)
        else:
            first = EntryForm(viewer, {"package": request.POST.get("package", "")})
            if first.is_valid():
                entry_put(collection=made, package=first.cleaned_data["package"], by=viewer)
            return redirect("collection-edit", slug=made.slug)
    context = {"form": form, "package": (request.POST or request.GET).get("package", "")[:110]}
    return render(request, "registry/collection_new.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """What it says, and what is in it; raises NotFound MP3080, NotAllowed MP3081."""
    collection = _own(request, slug)
    form = CollectionForm(request.POST or None, initial=_initial(collection))
    if request.method == "POST" and form.is_valid():
        collection_change(collection=collection, facts=form.facts(), by=viewer_from(request))
        messages.success(request, _("The collection is saved."))
        return redirect("collection-edit", slug=slug)
    return _page(request, collection, form)


@login_required
@require_POST
def entry_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a package into it."""
    collection, viewer = _own(request, slug), viewer_from(request)
    form = EntryForm(viewer, request.POST)
    if form.is_valid():
        facts = form.cleaned_data
        try:
            entry_put(collection=collection, package=facts["package"], note=facts["note"], by=viewer)
        except MarketplaceError as refusal:
            form.add_error(None, refusal.in_full)
        else:
            messages.success(request, _("%(name)s is in it.") % {"name": facts["package"].full_name})
            return redirect(f"{reverse('collection-edit', args=[slug])}#entries")
    return _page(request, collection, CollectionForm(initial=_initial(collection)), form)


@login_required
@require_POST
def entry_act(request: HttpRequest, slug: str, publisher: str, name: str) -> HttpResponse:
    """`do`: move it (top, up, down), write its `note`, or remove it; raises NotFound MP3084, MP9001."""
    collection, viewer, full_name = _own(request, slug), viewer_from(request), f"@{publisher}/{name}"
    act = request.POST.get("do", "")
    if act in set(Step):
        entry_move(collection=collection, full_name=full_name, step=Step(act), by=viewer)
    elif act == "note":
        package, note = package_get(viewer, publisher, name), request.POST.get("note", "").replace("\0", "")
        _tried(request, lambda: entry_put(collection=collection, package=package, note=note, by=viewer))
    elif act == "remove":
        entry_remove(collection=collection, full_name=full_name, by=viewer)
    else:
        raise NotFound("MP9001")
    return redirect(f"{reverse('collection-edit', args=[slug])}#entries")


@login_required
@require_POST
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    """End it for good."""
    collection = _own(request, slug)
    collection_delete(collection=collection, by=viewer_from(request))
    messages.success(request, _("“%(title)s” is deleted.") % {"title": collection.title})
    return redirect("collections")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def collect(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """Put a package into one of the viewer's collections, or take it out; raises NotFound MP3002, MP3080."""
    viewer = viewer_from(request)
    package = package_get(viewer, publisher, name)
    if request.method == "POST":
        collection = _own(request, request.POST.get("collection", "")[:64])
        if "remove" in request.POST:
            entry_remove(collection=collection, full_name=package.full_name, by=viewer)
        else:
            _tried(request, lambda: entry_put(collection=collection, package=package, by=viewer))
        return redirect("package-collect", publisher=publisher, name=name)
    mine = list(collections_changeable_by(viewer).prefetch_related("entries"))
    rows = [(row, any(entry.package_id == package.pk for entry in row.entries.all())) for row in mine]
    return render(request, "registry/collect.html", {"package": package, "rows": rows})


def _own(request: HttpRequest, slug: str) -> Collection:
    collection = collection_get(viewer_from(request), slug.replace("\0", ""))
    if not may_change(viewer_from(request), collection):
        raise NotAllowed("MP3081", {"name": collection.title})
    return collection


def _tried(request: HttpRequest, act: Callable[[], object]) -> None:
    try:
        act()
    except MarketplaceError as refusal:
        messages.error(request, refusal.in_full)


def _initial(collection: Collection) -> dict[str, str]:
    return {
        "title": collection.title,
        "description": collection.description,
        "visibility": collection.visibility,
    }


def _page(
    request: HttpRequest, collection: Collection, form: Form, entry_form: EntryForm | None = None
) -> HttpResponse:
    viewer = viewer_from(request)
    wrong = bool(form.errors or (entry_form and entry_form.errors))
    context = {
        "collection": collection,
        "form": form,
        "entry_form": entry_form or EntryForm(viewer),
        "entries": list(entries_of(viewer, collection)),
        "most": ENTRIES_MOST,
    }
    return render(request, "registry/collection_edit.html", context, status=422 if wrong else 200)
