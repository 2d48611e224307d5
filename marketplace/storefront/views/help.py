"""Help: one page a topic. Install lines are those of the install box, numbers those of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from installs.domain.client_lines import Offered, clients_of
from marketplace.core.codes import CODES
from marketplace.services.organizations import GRACE
from marketplace.services.tokens import DEFAULT_DAYS, MOST_DAYS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

TOPICS = {
    "install": (_("Install"), _("The lines for each client, with and without an account")),
    "address": (_("Your personal address"), _("One address that leads all your clients to what you chose")),
    "publish": (_("Publish"), _("From the site, npm, the API or a repository")),
    "tokens": (_("Tokens"), _("For npm, git and programs")),
    "organizations": (_("Organizations"), _("Members, roles and private packages")),
    "numbers": (_("Numbers"), _("What is counted, and how")),
    "codes": (_("Codes"), _("Every refusal and finding, with its remedy")),
}
EXAMPLE = ("acme", "sql-reviewer", "1.2.0")


@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    """The topics."""
    return render(request, "help/index.html", {"topics": _topics(), "section": "help"})


@require_safe
def help_topic(request: HttpRequest, topic: str) -> HttpResponse:
    """One topic; 404 for one that does not exist."""
    if topic not in TOPICS:
        raise Http404
    title, lead = TOPICS[topic]
    context = {"topics": _topics(), "here": topic, "title": title, "lead": lead, "section": "help", **_facts(topic)}
    return render(request, f"help/{topic}.html", context)


def _topics() -> list[dict[str, object]]:
    return [{"id": topic, "title": title, "lead": lead} for topic, (title, lead) in TOPICS.items()]


def _facts(topic: str) -> dict[str, object]:
    if topic == "install":
        publisher, name, number = EXAMPLE
        offered = Offered(
            base=settings.BASE_URL,
            npm_base=settings.NPM_BASES[0],
            site=settings.SITE_SLUG,
            publisher=publisher,
            name=name,
            number=number,
            has_skills=True,
        )
        return {"clients": clients_of(offered), "cooldown_hours": settings.COOLDOWN_HOURS}
    if topic == "codes":
        return {"codes": [CODES[code] for code in sorted(CODES)]}
    return {
        "npm_base": settings.NPM_BASES[0],
        "npm_key": f"{settings.NPM_BASES[0].partition(':')[2]}/:_authToken",
        "marketplace": settings.SITE_SLUG,
        "megabytes": settings.UPLOAD_MAX_BYTES // 1024 // 1024,
        "unpublish_hours": settings.UNPUBLISH_HOURS,
        "cooldown_hours": settings.COOLDOWN_HOURS,
        "default_days": DEFAULT_DAYS,
        "most_days": MOST_DAYS,
        "grace_days": GRACE.days,
    }
