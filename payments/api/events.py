"""Events from the processor over the API, for whoever runs the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from marketplace.core import tenancy
from payments.api.plumbing import SellingView, paged, signed_in
from payments.api.serializers import EventSerializer, page_of
from payments.selectors.events import STATES, event_get, events_in
from payments.services.access import ensure_operates
from payments.services.webhooks import event_replay

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request


class EventList(SellingView):
    """What the processor told us."""

    @extend_schema(
        operation_id="list_payment_events",
        parameters=[OpenApiParameter("cursor", str), OpenApiParameter("state", str, enum=STATES)],
        responses=page_of(EventSerializer, "PaymentEventPage"),
    )
    def get(self, request: Request) -> Response:
        """The newest first; `state=dead` are those that were given up."""
        ensure_operates(by=signed_in(request), what="view")
        with tenancy.bound(tenancy.SYSTEM):
            return paged(request, events_in(request.query_params.get("state", "")), EventSerializer)


class EventReplay(SellingView):
    """A second try."""

    @extend_schema(operation_id="replay_payment_event", request=None, responses={200: EventSerializer})
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002  (the address's name)
        """Process the event once more; harmless for one that was processed."""
        viewer = signed_in(request)
        ensure_operates(by=viewer, what="change")
        with tenancy.bound(tenancy.SYSTEM):
            event = event_get(id)
            event_replay(event=event, by=viewer)
            return Response(EventSerializer(event_get(id)).data)
