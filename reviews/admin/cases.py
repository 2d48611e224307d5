"""The moderator's workplace: the queue by risk, and each case with its evidence beside the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext_lazy as _

from marketplace.core.admin import Records
from marketplace.core.codes import fix
from marketplace.core.errors import MarketplaceError
from marketplace.services.viewers import viewer_from
from reviews.admin.acts import ACTS
from reviews.admin.evidence import evidence_of
from reviews.domain.states import ACTIVE
from reviews.models import Case
from reviews.selectors.cases import cases
from reviews.services.cases import case_assign

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse


class WorkFilter(admin.SimpleListFilter):
    """Whose turn it is."""

    title = _("turn")
    parameter_name = "turn"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """The views of the queue."""
        return [
            ("active", _("waiting")),
            ("mine", _("mine")),
            ("free", _("nobody's")),
            ("second", _("needs a second")),
            ("appeal", _("appeals")),
            ("late", _("late")),
        ]

    def queryset(self, request: HttpRequest, rows: QuerySet[Case]) -> QuerySet[Case]:
        """The rows of the chosen view."""
        active = rows.filter(state__in=sorted(ACTIVE))
        views = {
            "active": active,
            "mine": active.filter(assignee=request.user.pk),
            "free": active.filter(assignee=None),
            "second": rows.filter(state="proposed"),
            "appeal": rows.filter(state="appealed"),
            "late": active.filter(due_at__lt=timezone.now()),
        }
        return views.get(self.value() or "", rows)


class CaseRecords(Records):
    """Cases, the riskiest first."""

    for_moderators = True
    ordering = ("-risk", "opened_at")
    list_display = ("subject_name", "risk", "turn", "source", "age", "due", "assignee", "reported")
    list_filter = (WorkFilter, "source", "is_urgent", "state")
    search_fields = ("subject_name", "public_id")
    actions = ("take",)
    change_form_outer_before_template = "admin/reviews/case.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:  # noqa: ARG002  (Django's signature)
        """With what the list and the page show."""
        return cases()

    @admin.display(description=_("State"), ordering="state")
    def turn(self, case: Case) -> str:
        """The state, marked when it is urgent."""
        return f"{'! ' if case.is_urgent else ''}{case.get_state_display()}"

    @admin.display(description=_("Age"), ordering="opened_at")
    def age(self, case: Case) -> str:
        """Since when it waits."""
        return timesince(case.opened_at, depth=1)

    @admin.display(description=_("Due"), ordering="due_at")
    def due(self, case: Case) -> str:
        """When somebody should have looked."""
        if case.state not in ACTIVE:
            return ""
        late = case.due_at < timezone.now()
        return f"{timesince(case.due_at, depth=1)} {_('late')}" if late else str(timeuntil(case.due_at, depth=1))

    @admin.display(description=_("Reports"), ordering="report_count")
    def reported(self, case: Case) -> int:
        """How many people reported it."""
        return int(getattr(case, "report_count", 0))

    @admin.action(description=_("Take these cases"))
    def take(self, request: HttpRequest, rows: QuerySet[Case]) -> None:
        """Assign them to oneself."""
        self.each(request, rows, lambda case: case_assign(case=case, by=viewer_from(request)))

    def get_urls(self) -> list[Any]:
        """The acts of one case beside Django's pages."""
        view = self.admin_site.admin_view(self.act)
        return [path("<int:pk>/act/<slug:name>", view, name="reviews_case_act"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The case with its evidence and what can be done."""
        case = self.get_object(request, object_id)
        if case is None or not self.has_view_permission(request, case):
            raise Http404
        context = {**(extra_context or {}), "work": evidence_of(case, viewer_from(request))}
        context["kept"] = request.session.pop(f"case-{case.pk}", {})
        answer: HttpResponse = super().change_view(request, object_id, form_url, context)
        return answer

    def act(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Do one act and return to the case; a refusal says why and changes nothing."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        case = cases().filter(pk=pk).first()
        if case is None or name not in ACTS:
            raise Http404
        viewer = viewer_from(request)
        if not viewer.is_moderator:
            raise PermissionDenied
        try:
            ACTS[name](case, request.POST, viewer)
        except MarketplaceError as refusal:
            messages.error(request, f"{refusal} {fix(refusal.code, refusal.params)} ({refusal.code})")
            request.session[f"case-{pk}"] = {key: str(value)[:6000] for key, value in request.POST.items()}
        else:
            messages.success(request, _("Done."))
        return redirect("admin:reviews_case_change", pk)


admin.site.register(Case, CaseRecords)
