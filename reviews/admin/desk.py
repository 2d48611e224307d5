"""What stands around a case: the queue beside it, the counts above it, whose views are kept, who has how much."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.codes import CODES, sentence
from reviews.models import Case, SavedFilter
from reviews.selectors.cases import median_hours
from reviews.selectors.queue import SHOWN, Wanted, counts, neighbours, queue
from reviews.services.wording import report_words

if TYPE_CHECKING:
    from django.http import HttpRequest

TURN_WORDS = {
    "active": gettext_lazy("Waiting"),
    "mine": gettext_lazy("Mine"),
    "free": gettext_lazy("Nobody's"),
    "second": gettext_lazy("Needs a second"),
    "appeal": gettext_lazy("Appeals"),
    "late": gettext_lazy("Late"),
}
ORDER_WORDS = {
    "risk": gettext_lazy("Most risk first"),
    "wait": gettext_lazy("Longest wait"),
    "due": gettext_lazy("Due next"),
}
HIGH, MIDDLE = 60, 25
WHY_MOST = 80


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the queue."""

    url: str
    name: str
    number: str
    why: str
    tone: str
    strip: str
    due: str
    is_late: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """The frame of the workplace."""

    places: list[Place]
    turns: list[tuple[str, str, int | None, bool]]
    orders: list[tuple[str, str, bool]]
    wanted: Wanted
    query: str
    count: int
    median: float | None
    before: str
    after: str
    saved: list[SavedFilter]
    sections: list[tuple[str, list[tuple[str, str]]]]


def desk_of(request: HttpRequest, case: Case) -> Desk:
    """The frame around one case, in the part of the queue that the address names."""
    wanted, user_id = Wanted.of(request.GET.dict()), request.user.pk
    told = {"turn": wanted.turn, "order": wanted.order, "source": wanted.source, "kind": wanted.kind}
    query = urlencode({key: value for key, value in told.items() if value})
    numbers = counts()
    before, after = neighbours(case, wanted, user_id)
    return Desk(
        places=[_place(row, query, is_current=row.pk == case.pk) for row in queue(wanted, user_id)[:SHOWN]],
        turns=[(turn, str(words), numbers.get(turn), turn == wanted.turn) for turn, words in TURN_WORDS.items()],
        orders=[(order, str(words), order == wanted.order) for order, words in ORDER_WORDS.items()],
        wanted=wanted,
        query=query,
        count=numbers["active"],
        median=median_hours(),
        before=case_address(before, query) if before else "",
        after=case_address(after, query) if after else "",
        saved=list(SavedFilter.objects.filter(user_id=user_id or 0)),
        sections=sections_of(request),
    )


def case_address(pk: int, query: str = "") -> str:
    """The page of a case in the workplace."""
    return reverse("admin:reviews_case_change", args=[pk]) + (f"?{query}" if query else "")


def sections_of(request: HttpRequest) -> list[tuple[str, list[tuple[str, str]]]]:
    """The other lists of the administration that the viewer may see, by app."""
    found: list[tuple[str, list[tuple[str, str]]]] = []
    for app in admin.site.get_app_list(request):
        listed: list[dict[str, Any]] = app["models"]
        rows = [(str(model["name"]), str(model["admin_url"])) for model in listed if model.get("admin_url")]
        if rows and app["app_label"] in {"reviews", "registry"}:
            found.append((str(app["name"]), rows[:10]))
    return found


def due_words(case: Case) -> tuple[str, bool]:
    """How long until somebody should have looked, and whether that is over."""
    is_late = case.due_at < timezone.now()
    span = timesince(case.due_at, depth=1) if is_late else timeuntil(case.due_at, depth=1)
    return (_("%(span)s late") if is_late else _("%(span)s left")) % {"span": span}, is_late


def why_of(case: Any) -> str:
    """Why the case is there, in a few words."""
    if case.state == "appealed":
        return _("An appeal waits")
    if case.state == "proposed":
        return _("Needs a second moderator")
    if case.report_count > 1 and case.top_reason:
        return _("%(reason)s; %(n)d reports") % {"reason": report_words(case.top_reason), "n": case.report_count}
    if case.report_count and case.top_reason:
        return report_words(case.top_reason)
    code = case.version.state_reason.split(",")[0].strip() if case.version else ""
    if code in CODES:
        return f"{code} {sentence(code, defaultdict(lambda: '…'))}"[:WHY_MOST]
    return str(case.get_source_display()).capitalize()


def _place(case: Any, query: str, *, is_current: bool) -> Place:
    version = case.version
    shown = version or (case.package.latest if case.package else None)
    due, is_late = due_words(case)
    tone = "danger" if case.is_urgent or case.risk >= HIGH else "warn" if case.risk >= MIDDLE else "wait"
    name = version.package.full_name if version else case.subject_name
    return Place(
        url=case_address(case.pk, query),
        name=name,
        number=version.number if version else "",
        why=why_of(case),
        tone=tone,
        strip=shown.strip if shown else "",
        due=due,
        is_late=is_late,
        is_current=is_current,
    )
