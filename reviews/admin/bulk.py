"""One ruling for many cases: chosen in the list, tried, taken, and taken back as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.core.errors import MarketplaceError
from marketplace.services.viewers import viewer_from
from reviews.domain.powers import Act, may
from reviews.domain.reasons import DECISION_REASONS, EFFECTS, Effect
from reviews.models import Decision
from reviews.selectors.cases import cases
from reviews.services.bulk import MOST, bulk_take, bulk_try, bulk_undo
from reviews.services.decisions import Ruling
from reviews.services.wording import EFFECT_TITLES, effect_words, reason_words

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from marketplace.domain.viewer import Viewer
    from reviews.models import Case


def bulk(request: HttpRequest) -> HttpResponse:
    """Choose the ruling, try it on each case, then take it."""
    viewer = _senior(request)
    form = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(form.get("cases", ""))
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Decide many cases"),
        "cases": chosen,
        "ids": ",".join(str(case.pk) for case in chosen),
        "effects": _effects(chosen, form.get("effect", "")),
        "reasons": [(code, reason_words(code), code == form.get("reason")) for code in DECISION_REASONS],
        "kept": {name: form.get(name, "") for name in ("effect", "reason", "evidence", "scope")},
        "most": MOST,
    }
    if request.method == "POST" and chosen:
        try:
            ruling = _ruling(form)
            if ruling is None:
                messages.error(request, _("Choose an effect and a reason."))
            elif "take" in form:
                batch, _outcomes = bulk_take(cases=chosen, ruling=ruling, by=viewer)
                return redirect("admin:reviews_case_bulk_result", batch)
            else:
                context["outcomes"] = bulk_try(cases=chosen, ruling=ruling, by=viewer)
        except MarketplaceError as refusal:
            messages.error(request, refusal.in_full)
    if "outcomes" in context:
        context["will"] = sum(1 for outcome in context["outcomes"] if not outcome.refusal)
    return render(request, "admin/reviews/bulk.html", context)


def bulk_result(request: HttpRequest, batch: UUID) -> HttpResponse:
    """What a bulk decision did, and how it is taken back."""
    viewer = _senior(request)
    decisions = list(Decision.objects.filter(batch=batch).select_related("case").order_by("pk"))
    if request.method == "POST":
        try:
            outcomes = bulk_undo(batch=batch, by=viewer, note=request.POST.get("text", ""))
        except MarketplaceError as refusal:
            messages.error(request, refusal.in_full)
        else:
            _say(request, outcomes)
        return redirect("admin:reviews_case_bulk_result", batch)
    if not decisions:
        raise Http404
    rows = [(row, effect_words(row.effect), reason_words(row.reason)) for row in decisions]
    context = {
        **admin.site.each_context(request),
        "title": _("A bulk decision"),
        "rows": rows,
        "batch": batch,
        "standing": sum(1 for row in decisions if row.effective_at and row.undone_by_id is None),
    }
    return render(request, "admin/reviews/bulk_result.html", context)


def _say(request: HttpRequest, outcomes: list[Any]) -> None:
    for outcome in outcomes:
        if outcome.refusal:
            messages.error(request, f"{outcome.case}: {outcome.refusal}")
    done = sum(1 for outcome in outcomes if not outcome.refusal)
    if done:
        messages.success(
            request, ngettext("%(n)d decision taken back.", "%(n)d decisions taken back.", done) % {"n": done}
        )


def _senior(request: HttpRequest) -> Viewer:
    viewer = viewer_from(request)
    if not may(viewer, Act.BULK):
        raise PermissionDenied
    return viewer


def _chosen(text: str) -> list[Case]:
    numbers = [int(part) for part in text.split(",")[: MOST + 1] if part.isdecimal() and len(part) < 19]  # noqa: PLR2004  (a bigint)
    return list(cases().filter(pk__in=numbers))


def _effects(chosen: list[Case], wanted: str) -> list[tuple[str, str, str, bool]]:
    """The effects that at least one of the cases can have."""
    kinds = {case.subject_kind for case in chosen}
    return [
        (effect.value, str(EFFECT_TITLES[effect]), effect_words(effect), effect.value == wanted)
        for effect in Effect
        if any(effect in EFFECTS[kind] for kind in kinds)
    ]


def _ruling(form: Any) -> Ruling | None:
    effect, reason = form.get("effect", ""), form.get("reason", "")
    if effect not in set(Effect) or reason not in DECISION_REASONS:
        return None
    return Ruling(Effect(effect), reason, form.get("evidence", "")[:4000], form.get("scope", "")[:300])
