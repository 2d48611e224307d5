"""Publishing on the site: drop files, see what was found, publish, follow."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from marketplace.core.errors import MarketplaceError
from marketplace.services.viewers import signed_in_id, viewer_from
from registry.models import Import, ImportEntry, Package
from registry.selectors.imports import import_entry_get, import_get
from registry.selectors.packages import packages_maintained_by, publisher_get, publishers_of
from registry.services.asking import askings_of
from registry.services.imports import import_confirm, import_from_content, import_from_url
from registry.services.intake import content_of_uploads
from registry.services.preview import preview_of
from registry.services.publishers import publisher_create
from registry.views.forms import ConfirmForm, RepositoryForm, UploadForm
from registry.views.presentation import entry_rows, failure_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.forms import Form
    from django.http import HttpRequest

UNDER_WAY = {"received", "scanning"}
RUNNING = {Import.State.READING, Import.State.PUBLISHING}


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest) -> HttpResponse:
    """Where files are dropped; what was found is shown next, before anything is published."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        try:
            content = content_of_uploads(form.cleaned_data["files"], _paths(form.cleaned_data["paths"]))
            job = import_from_content(content=content, by=viewer_from(request))
        except MarketplaceError as refusal:
            _say(form, "files", refusal)
        else:
            return redirect("publish-draft", id=job.public_id)
    return _publish_page(request, form, RepositoryForm())


@login_required
@require_http_methods(["POST"])
def import_start(request: HttpRequest) -> HttpResponse:
    """Read a repository in the background."""
    form = RepositoryForm(request.POST)
    if form.is_valid():
        job = import_from_url(url=form.cleaned_data["url"], by=viewer_from(request))
        return redirect("publish-draft", id=job.public_id)
    return _publish_page(request, UploadForm(), form)


def _publish_page(request: HttpRequest, form: UploadForm, repository: RepositoryForm) -> HttpResponse:
    packages = packages_maintained_by(viewer_from(request)).order_by("-updated_at")[:50]
    context = {
        "form": form,
        "repository_form": repository,
        "packages": packages,
        "imports": Import.objects.filter(user_id=signed_in_id(viewer_from(request))).order_by("-pk")[:10],
    }
    return render(request, "registry/publish.html", context, status=422 if form.errors or repository.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002  (the word of the address)
    """Entries and findings; the form publishes the chosen ones; then what became of each."""
    job = import_get(viewer_from(request), id)
    form = ConfirmForm(viewer_from(request), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _confirm(request, job, form)
        except MarketplaceError as refusal:
            _say(form, "new_publisher" if form.cleaned_data["new_publisher"] else None, refusal)
    entries = list(job.entries.select_related("version__package__publisher").order_by("position"))
    publishers = list(publishers_of(viewer_from(request)))
    context = {
        "job": job,
        "form": form,
        "entries": entry_rows(entries, askings_of(entries, publishers)),
        "failure": failure_of(job),
        "publishers": publishers,
        "is_running": job.state in RUNNING or any(map(_is_under_way, entries)),
        "settled": _settled(entries),
        "usable": sum(entry.state == ImportEntry.State.FOUND for entry in entries),
    }
    return render(request, "registry/draft.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def preview(request: HttpRequest, id: UUID, entry: UUID) -> HttpResponse:  # noqa: A002  (the word of the address)
    """One entry as its page will show it; raises NotFound MP9001, also for what was skipped."""
    job = import_get(viewer_from(request), id)
    row = import_entry_get(job, entry)
    shown = preview_of(row)
    (said,) = entry_rows([row], askings_of([row], publishers_of(viewer_from(request))))
    context = {"job": job, "entry": said, "preview": shown, "version": shown, "kind": Package.Kind(shown.kind).label}
    return render(request, "registry/preview.html", context)


def _confirm(request: HttpRequest, job: Import, form: ConfirmForm) -> HttpResponseRedirect:
    facts = form.cleaned_data
    if facts["new_publisher"]:
        publisher = publisher_create(name=facts["new_publisher"].strip().lower(), by=viewer_from(request))
    else:
        publisher = publisher_get(facts["publisher"])
    chosen = _uuids(request.POST.getlist("entry"))
    import_confirm(
        job=job,
        publisher=publisher,
        selected=chosen,
        is_private=facts["visibility"] == "private",
        by=viewer_from(request),
    )
    return HttpResponseRedirect(reverse("publish-draft", kwargs={"id": job.public_id}))


def _uuids(values: list[str]) -> list[UUID]:
    found = []
    for value in values:
        with suppress(ValueError):
            found.append(UUID(value))
    return found


def _settled(entries: Sequence[ImportEntry]) -> tuple[int, int]:
    """How many of the chosen entries have come to their end, and how many were chosen."""
    chosen = [entry for entry in entries if entry.selected]
    return sum(entry.state != ImportEntry.State.FOUND and not _is_under_way(entry) for entry in chosen), len(chosen)


def _is_under_way(entry: ImportEntry) -> bool:
    return entry.version is not None and entry.version.state in UNDER_WAY


def _paths(text: str) -> list[str]:
    try:
        paths: Any = json.loads(text) if text else []
    except (ValueError, RecursionError):
        return []
    return [path for path in paths if isinstance(path, str)] if isinstance(paths, list) else []


def _say(form: Form, field: str | None, refusal: MarketplaceError) -> None:
    form.add_error(field, refusal.in_full)
