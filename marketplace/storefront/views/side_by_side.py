"""Up to four packages beside each other, in rows that never change their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext_lazy
from django.views.decorators.http import require_safe

from installs.selectors.counts import downloads_of
from marketplace.services.viewers import viewer_from
from registry.domain.clients import clients_of
from registry.selectors.filters import CLIENTS
from registry.selectors.packages import packages_visible_to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from registry.models import Package

MOST = 4
PARTS = {
    "skills": ngettext_lazy("%d skill", "%d skills"),
    "agents": ngettext_lazy("%d subagent", "%d subagents"),
    "commands": ngettext_lazy("%d command", "%d commands"),
    "hooks": ngettext_lazy("%d hook", "%d hooks"),
    "mcp_servers": ngettext_lazy("%d MCP server", "%d MCP servers"),
}


@require_safe
def side_by_side(request: HttpRequest) -> HttpResponse:
    """Compare the packages that `p` names; unknown ones are named as such, more than four are left out."""
    asked = list(
        dict.fromkeys(name for name in (text.replace("\0", "")[:110] for text in request.GET.getlist("p")) if name)
    )
    if len(asked) > MOST:
        kept = "&".join(f"p={name}" for name in asked[:MOST])
        return redirect(f"{reverse('compare')}?{kept}&more=1")
    visible = packages_visible_to(viewer_from(request)).filter(full_name__in=asked)
    found = {package.full_name: package for package in visible}
    packages = [found[name] for name in asked if name in found]
    counts = downloads_of([package.pk for package in packages])
    context = {
        "columns": [_column(package, counts.get(package.pk)) for package in packages],
        "missing": [name for name in asked if name not in found],
        "is_cut": "more" in request.GET,
        "section": "browse",
    }
    return render(request, "storefront/side_by_side.html", context)


def _column(package: Package, downloads: int | None) -> dict[str, object]:
    latest = package.latest
    components = latest.manifest.get("components", {}) if latest else {}
    labels = dict(CLIENTS)
    return {
        "package": package,
        "latest": latest,
        "downloads": downloads,
        "clients": [labels[client] for client in clients_of(package.kind, has_skills=bool(components.get("skills")))],
        "parts": [label % len(components[name]) for name, label in PARTS.items() if components.get(name)],
    }
