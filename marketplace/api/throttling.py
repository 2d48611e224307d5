"""How often one caller may read and write; the counters live in Redis, and its failure never stops the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from redis.exceptions import RedisError
from rest_framework.throttling import SimpleRateThrottle

from marketplace.core.clients import client_address

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

log = structlog.get_logger(__name__)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class CallerThrottle(SimpleRateThrottle):
    """Counts by user, or by address for nobody."""

    def get_cache_key(self, request: Request, view: APIView) -> str | None:  # noqa: ARG002  (DRF's signature)
        """The caller's counter."""
        viewer = getattr(request, "viewer", None)
        who = f"user:{viewer.user_id}" if viewer and viewer.user_id else f"address:{client_address(request.META)}"
        return f"throttle:{self.scope}:{who}"

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether this call is within the rate; always, while Redis cannot be asked."""
        try:
            return super().allow_request(request, view)
        except RedisError as error:
            log.warning("throttle.cache_failed", error=str(error))
            return True


class ReadThrottle(CallerThrottle):
    """Calls that change nothing."""

    scope = "read"

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Writes are counted elsewhere."""
        return request.method not in SAFE or super().allow_request(request, view)


class WriteThrottle(CallerThrottle):
    """Calls that change something."""

    scope = "write"

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Reads are counted elsewhere."""
        return request.method in SAFE or super().allow_request(request, view)
