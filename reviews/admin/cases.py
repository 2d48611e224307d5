"""The moderator's workplace: the queue by risk, and each case with its evidence beside the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from marketplace.core.admin import Records
from marketplace.core.errors import MarketplaceError
from marketplace.services.viewers import viewer_from
from reviews.admin.acts import ACTS
from reviews.admin.desk import TURN_WORDS, case_address, desk_of, due_words, why_of
from reviews.admin.evidence import evidence_of, preview_of
from reviews.domain.powers import Act, may
from reviews.domain.states import ACTIVE
from reviews.models import Case, SavedFilter
from reviews.selectors.cases import case_rows, cases, median_hours
from reviews.selectors.queue import Wanted, counts, in_turn, queue, workload
from reviews.services.cases import case_assign
from reviews.services.filters import filter_forget, filter_save
from reviews.services.incident_news import incident_export

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http import HttpRequest

    from marketplace.domain.viewer import Viewer

DONE = {
    "decide": _("Decided. The people concerned are being told."),
    "undo": _("Taken back. Whoever was told of it is being told."),
    "second": _("It takes effect now."),
    "tell": _("Everybody who has it is being told."),
}


class WorkFilter(admin.SimpleListFilter):
    """Whose turn it is; what waits when nothing is chosen."""

    title = _("turn")
    parameter_name = "turn"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """The views of the queue."""
        return [*TURN_WORDS.items(), ("all", _("All, also what is closed"))]

    def choices(self, changelist: Any) -> Any:
        """Waiting is the first and stands for no choice."""
        chosen = self.value() or "active"
        for value, words in self.lookup_choices:
            yield {
                "selected": chosen == str(value),
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": words,
            }

    def queryset(self, request: HttpRequest, rows: QuerySet[Case]) -> QuerySet[Case]:
        """The rows of the chosen view."""
        return in_turn(rows, self.value() or "active", request.user.pk)


class CaseRecords(Records):
    """Cases, the riskiest first."""

    for_moderators = True
    ordering = ("-risk", "opened_at")
    list_per_page = 25
    list_display = ("subject_name", "risk", "turn", "why", "age", "due", "assignee", "reported")
    list_filter = (WorkFilter, "source", "is_urgent", "state")
    search_fields = ("subject_name", "public_id")
    actions = ("take", "decide")
    list_before_template = "admin/reviews/queue_head.html"
    change_form_template = "admin/reviews/case.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:  # noqa: ARG002  (Django's signature)
        """With what the list shows."""
        return case_rows()

    @admin.display(description=_("State"), ordering="state")
    def turn(self, case: Case) -> str:
        """The state, marked when it is urgent."""
        return f"{'! ' if case.is_urgent else ''}{case.get_state_display()}"

    @admin.display(description=_("Why"))
    def why(self, case: Case) -> str:
        """Why it is here."""
        return why_of(case)

    @admin.display(description=_("Age"), ordering="opened_at")
    def age(self, case: Case) -> str:
        """Since when it waits."""
        return timesince(case.opened_at, depth=1)

    @admin.display(description=_("Due"), ordering="due_at")
    def due(self, case: Case) -> str:
        """When somebody should have looked."""
        return due_words(case)[0] if case.state in ACTIVE else ""

    @admin.display(description=_("Reports"), ordering="report_count")
    def reported(self, case: Case) -> int:
        """How many people reported it."""
        return int(getattr(case, "report_count", 0))

    @admin.action(description=_("Take these cases"))
    def take(self, request: HttpRequest, rows: QuerySet[Case]) -> None:
        """Assign them to oneself."""
        self.each(request, rows, lambda case: case_assign(case=case, by=viewer_from(request)))

    @admin.action(description=_("Decide these cases: try it first"))
    def decide(self, request: HttpRequest, rows: QuerySet[Case]) -> HttpResponse:  # noqa: ARG002  (Django's signature)
        """To the page where one ruling is tried on all of them."""
        chosen = ",".join(str(pk) for pk in rows.values_list("pk", flat=True)[:101])
        return redirect(f"{reverse('admin:reviews_case_bulk')}?cases={chosen}")

    def get_actions(self, request: HttpRequest) -> Any:
        """Only senior moderators see the bulk decision."""
        found = super().get_actions(request)
        if not may(viewer_from(request), Act.BULK):
            found.pop("decide", None)
        return found

    def get_urls(self) -> list[Any]:
        """The acts of one case and of many beside Django's pages."""
        from reviews.admin.bulk import bulk, bulk_result  # noqa: PLC0415  (it needs this site's pages)

        view = self.admin_site.admin_view
        return [
            path("next", view(self.next), name="reviews_case_next"),
            path("bulk", view(bulk), name="reviews_case_bulk"),
            path("bulk/<uuid:batch>", view(bulk_result), name="reviews_case_bulk_result"),
            path("views/save", view(self.save_view), name="reviews_case_view_save"),
            path("views/<uuid:public_id>/forget", view(self.forget_view), name="reviews_case_view_forget"),
            path("<int:pk>/preview", view(self.preview), name="reviews_case_preview"),
            path("<int:pk>/incident.jsonl", view(self.export), name="reviews_case_export"),
            path("<int:pk>/act/<slug:name>", view(self.act), name="reviews_case_act"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with the counts, the workload and the viewer's kept views above it."""
        context = {
            **(extra_context or {}),
            "numbers": counts(),
            "median": median_hours(),
            "loads": workload(),
            "saved": SavedFilter.objects.filter(user_id=request.user.pk or 0),
            "query": request.GET.urlencode(),
        }
        answer: HttpResponse = super().changelist_view(request, context)
        return answer

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The case with its evidence and what can be done; on a page of its own, in the design of the site."""
        del form_url, extra_context
        case = cases().filter(pk=object_id if object_id.isdecimal() else 0).first()
        if case is None or not self.has_view_permission(request, case):
            raise Http404
        kept = request.session.pop(f"case-{case.pk}", {})
        return self._page(request, case, kept)

    def next(self, request: HttpRequest) -> HttpResponse:
        """To the first case of a view of the queue, or back to the list when it is empty."""
        wanted = Wanted.of(request.GET.dict())
        first = queue(wanted, request.user.pk).first()
        if first is None:
            messages.success(request, _now("Nothing waits there."))
            return redirect("admin:reviews_case_changelist")
        return redirect(case_address(first.pk, request.GET.urlencode()))

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The statement as it would be sent: alone for the page's script, else the page with what was typed."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        case = self._asked(request, pk)
        form = {key: str(value)[:6000] for key, value in request.POST.items()}
        if request.headers.get("X-Requested-With") == "fetch":
            return render(request, "admin/reviews/_statement.html", {"preview": preview_of(case, form)})
        return self._page(request, case, form)

    def export(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The incident as JSON lines."""
        case, viewer = cases().filter(pk=pk).first(), _moderator(request)
        if case is None:
            raise Http404
        try:
            lines = incident_export(case=case, by=viewer)
        except MarketplaceError as refusal:
            raise Http404 from refusal
        answer = HttpResponse("".join(f"{line}\n" for line in lines), content_type="application/jsonl; charset=utf-8")
        answer.headers["Content-Disposition"] = f'attachment; filename="incident-{case.public_id}.jsonl"'
        return answer

    def save_view(self, request: HttpRequest) -> HttpResponse:
        """Keep a view of the list under a name."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        query = request.POST.get("query", "")
        try:
            row = filter_save(name=request.POST.get("name", ""), query=query, by=viewer_from(request))
        except MarketplaceError as refusal:
            messages.error(request, refusal.in_full)
            return redirect("admin:reviews_case_changelist")
        messages.success(request, _now("Kept as “%(name)s”.") % {"name": row.name})
        return redirect(f"{reverse('admin:reviews_case_changelist')}?{row.query}")

    def forget_view(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        """Forget a kept view."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        filter_forget(public_id=public_id, by=_moderator(request))
        return redirect("admin:reviews_case_changelist")

    def act(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Do one act and return to the case; a refusal says why and changes nothing."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        case = self._asked(request, pk)
        if name not in ACTS:
            raise Http404
        try:
            ACTS[name](case, request.POST, viewer_from(request))
        except MarketplaceError as refusal:
            messages.error(request, refusal.in_full)
            request.session[f"case-{pk}"] = {key: str(value)[:6000] for key, value in request.POST.items()}
        else:
            messages.success(request, DONE.get(name, _("Done.")))
        return redirect(case_address(pk, request.GET.urlencode()))

    def _asked(self, request: HttpRequest, pk: int) -> Case:
        _moderator(request)
        case = cases().filter(pk=pk).first()
        if case is None:
            raise Http404
        return case

    def _page(self, request: HttpRequest, case: Case, kept: dict[str, str]) -> HttpResponse:
        viewer = viewer_from(request)
        context = {
            **self.admin_site.each_context(request),
            "work": evidence_of(case, viewer, kept),
            "desk": desk_of(request, case),
            "kept": kept,
            "due": due_words(case),
            "now": timezone.now(),
            "title": case.subject_name,
        }
        return render(request, "admin/reviews/case.html", context)


def _moderator(request: HttpRequest) -> Viewer:
    viewer = viewer_from(request)
    if not may(viewer, Act.LOOK):
        raise PermissionDenied
    return viewer


admin.site.register(Case, CaseRecords)
