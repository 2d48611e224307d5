"""`Idempotency-Key` on POST: a client that repeats a write gets the first answer again.

The rows belong to `marketplace.services.idempotency`, which registers itself here: every app's API can use this.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, Protocol

from django.core.files.uploadedfile import UploadedFile
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from marketplace.core.errors import Invalid

if TYPE_CHECKING:
    from rest_framework.request import Request

HEADER = "Idempotency-Key"
KEY_MOST = 200
KEPT_HEADERS = ("Location", "ETag")

Handler = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Answer:
    """A remembered answer; `body` is JSON-able."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


class Store(Protocol):
    """Where answers are remembered."""

    def begin(self, *, user_id: int, key: str, digest: str) -> Answer | None:
        """The first answer, or None when the request is to run; raises Conflict MP9011, Invalid MP9008."""

    def keep(self, *, user_id: int, key: str, answer: Answer) -> None:
        """Remember the answer."""

    def drop(self, *, user_id: int, key: str) -> None:
        """Forget the key: the request wrote nothing."""


_stores: list[Store] = []


def register_store(store: Store) -> None:
    """Name the service that remembers."""
    _stores[:] = [store]


def idempotent(handler: Handler) -> Handler:
    """A POST that answers a repeated key as it did the first time; refusals are not remembered, so they may be mended.

    The key counts for one user during a day. Raises Invalid MP9004 for a key of no use, and what `Store.begin` raises.
    """

    @wraps(handler)
    def answer(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER, "")
        user_id = request.viewer.user_id  # type: ignore[attr-defined]  # set by the middleware, or by the token
        if not key or user_id is None:
            return handler(view, request, *args, **kwargs)
        if len(key) > KEY_MOST or not key.isprintable():
            raise Invalid("MP9004", {"reason": f"{HEADER} has 1 to {KEY_MOST} printable characters"})
        return _once(lambda: handler(view, request, *args, **kwargs), user_id, key, digest_of(request))

    return answer


def _once(run: Callable[[], Response], user_id: int, key: str, digest: str) -> Response:
    store = _stores[0]
    before = store.begin(user_id=user_id, key=key, digest=digest)
    if before is not None:
        return Response(before.body, status=before.status, headers={**before.headers, "Idempotent-Replayed": "true"})
    try:
        response = run()
    except BaseException:
        store.drop(user_id=user_id, key=key)
        raise
    body = json.loads(JSONRenderer().render(response.data) or b"null")
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    store.keep(user_id=user_id, key=key, answer=Answer(response.status_code, body, headers))
    return response


def digest_of(request: Request) -> str:
    """SHA-256 (hex) over method, address and body; files count by their bytes."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    data = request.data
    lists = data.lists() if hasattr(data, "lists") else [("", [data])]
    for name, values in sorted(lists):
        for value in values:
            digest.update(f"{name}=".encode())
            if isinstance(value, UploadedFile):
                for chunk in value.chunks():
                    digest.update(chunk)
                value.seek(0)
            else:
                digest.update(json.dumps(value, sort_keys=True, default=str).encode())
            digest.update(b"\n")
    return digest.hexdigest()
