"""Events from the processor: what waits, what was given up, and the action that tries again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.admin import Records
from marketplace.services.viewers import viewer_from
from payments.selectors.events import events_in
from payments.services.webhooks import event_replay

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from payments.models import WebhookEvent


class StateFilter(admin.SimpleListFilter):
    """How far an event got."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[WebhookEvent]) -> list[tuple[str, str]]:  # noqa: ARG002  (Django's signature)
        """The choices."""
        return [("waiting", _("waiting")), ("dead", _("given up")), ("done", _("processed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[WebhookEvent]) -> QuerySet[WebhookEvent]:  # noqa: ARG002  (Django's signature)
        """The rows of the choice."""
        return queryset & events_in(self.value() or "")


class WebhookEventAdmin(Records):
    """Events, newest first; those that were given up can be replayed."""

    list_display = (
        "stripe_event",
        "kind",
        "subject",
        "received_at",
        "processed_at",
        "attempts",
        "outcome",
        "given_up_at",
    )
    list_filter = (StateFilter, "kind")
    search_fields = ("stripe_event", "subject")
    actions = ("replay",)

    @admin.action(description=gettext_lazy("Replay the chosen events"))
    def replay(self, request: HttpRequest, queryset: QuerySet[WebhookEvent]) -> None:
        """Process them once more; harmless for those that were processed."""
        act = partial(event_replay, by=viewer_from(request))
        self.each(request, queryset[:200], lambda event: act(event=event))
