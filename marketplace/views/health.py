"""Probes and metrics for operators."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from prometheus_client import Gauge

from marketplace.selectors.outbox import outbox_backlog

if TYPE_CHECKING:
    from django.http import HttpRequest

log = structlog.get_logger(__name__)
WAITING = Gauge("market_outbox_waiting", "Jobs that a commit promised and that have not run yet")
OVERDUE = Gauge("market_outbox_overdue_seconds", "How long the longest waiting job is overdue")
GIVEN_UP = Gauge("market_outbox_given_up", "Jobs that failed too often and wait for the operator")


@never_cache
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """200 when database and cache answer, else 503 with the names of those that do not."""
    parts = {"database": _database, "cache": _cache}
    failed = [name for name, asks in parts.items() if not _answers(name, asks)]
    return JsonResponse({"ready": not failed, "failed": failed}, status=503 if failed else 200)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text for whoever sends METRICS_TOKEN as a bearer token; 404 for everyone else."""
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    wanted = settings.METRICS_TOKEN.encode()
    if not wanted or not hmac.compare_digest(sent, wanted):
        raise Http404
    backlog = outbox_backlog()
    WAITING.set(backlog.waiting)
    OVERDUE.set(backlog.overdue_seconds)
    GIVEN_UP.set(backlog.given_up)
    response: HttpResponse = ExportToDjangoView(request)
    return response


def _answers(name: str, asks: object) -> bool:
    try:
        asks()  # type: ignore[operator]  # a function of this module
    except Exception as error:  # noqa: BLE001  (whatever it is, the part is not ready)
        log.warning("ready.failed", part=name, error=str(error))
        return False
    return True


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _cache() -> None:
    cache.get("readyz")
