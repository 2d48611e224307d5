"""Before Django: answers that everybody gets are given again from memory while nothing of their package has changed.

A view offers its answer (`kept.keep`); what is kept is found by everything of a request that the answer depends on.
Requests that name a person, a part, a question or a body are passed on, and so is everything when the cache cannot be
asked. Deliveries are written down before their first byte. See docs/adr/0002.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from prometheus_client import Counter

from installs.channels.documents.kept import KEEP, Keep, Kept, keepable
from installs.channels.documents.memory import MOST_BYTES, Memory
from installs.services.changes import look, marks_read
from installs.services.downloads import Delivery, row_of
from installs.services.spool import SpoolFailed, spool
from marketplace.core.clients import client_address
from marketplace.domain.viewer import ANONYMOUS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from installs.channels.documents.kept import Headers

    Environ = dict[str, Any]
    Begin = Callable[..., Any]
    Application = Callable[[Environ, Begin], Iterable[bytes]]
    Key = tuple[str, ...]

KEPT_SECONDS = 60
PASSED_ON = (
    "QUERY_STRING",
    "HTTP_AUTHORIZATION",
    "HTTP_COOKIE",
    "HTTP_RANGE",
    "HTTP_X_SKILLS_UPDATE_CHECK",
    "CONTENT_LENGTH",
    "HTTP_TRANSFER_ENCODING",
)
TOLD = ("HTTP_HOST", "PATH_INFO", "HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_X_FORWARDED_PROTO")
"""What an answer may depend on."""
LONGEST = 1024
ANSWERED = Counter("market_kept_answers", "Answers given from memory, before Django", ["status"])
WHOLE, UNCHANGED = ANSWERED.labels("200"), ANSWERED.labels("304")


class Front:
    """A WSGI application around the site's."""

    def __init__(self, application: Application) -> None:
        """Keep nothing yet."""
        self._application = application
        self._kept: Memory[Key, Kept] = Memory(MOST_BYTES)

    def __call__(self, environ: Environ, begin: Begin) -> Iterable[bytes]:
        """Answer from memory, or as the site does."""
        key = _question(environ)
        if key is None:
            return self._application(environ, begin)
        kept = self._kept.get(key)
        if kept is not None and self._is_current(kept):
            answer = _again(kept, environ, begin)
            if answer is not None:
                return answer
        return self._asked(key, environ, begin)

    def _is_current(self, kept: Kept) -> bool:
        site = look.mark()
        if site is None or time.monotonic() > kept.until:
            return False
        if site == kept.site:
            return True
        marks = marks_read(kept.keep.full_name)
        if marks is None or marks[1] != kept.package:
            return False
        kept.site = marks[0]
        return True

    def _asked(self, key: Key, environ: Environ, begin: Begin) -> Iterable[bytes]:
        """The site's answer, kept on its way when the site offers it and nothing changed while it was made."""
        before = look.mark()
        begun: list[tuple[str, Headers]] = []

        def noted(status: str, headers: Headers, *rest: Any) -> Any:
            begun.append((status, headers))
            return begin(status, headers, *rest)

        answer = self._application(environ, noted)
        offered = environ.pop(KEEP, None)
        headers = keepable(*begun[-1]) if isinstance(offered, Keep) and begun else None
        if headers is None:
            return answer
        body = _body(answer)
        marks = marks_read(offered.full_name)
        if marks is not None and marks[0] == before:
            kept = Kept(headers, body, offered, *marks, until=time.monotonic() + KEPT_SECONDS)
            if kept.is_whole:
                self._kept.put(key, kept, kept.size)
        return [body]


def _question(environ: Environ) -> Key | None:
    """What the request asks for; None when its answer may not be everybody's."""
    get = environ.get
    if environ["REQUEST_METHOD"] != "GET" or "/@" not in get("PATH_INFO", ""):
        return None
    for name in PASSED_ON:
        if get(name):
            return None
    key = tuple([get(name, "") for name in TOLD])
    return key if sum(map(len, key)) <= LONGEST else None


def _again(kept: Kept, environ: Environ, begin: Begin) -> Iterable[bytes] | None:
    """The kept answer, or 304 for whoever has it; None when the site has to answer."""
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known and (kept.digest in known or known == "*"):
        UNCHANGED.inc()
        begin("304 Not Modified", kept.unchanged)
        return []
    if (not known and environ.get("HTTP_IF_MODIFIED_SINCE")) or not _written_down(kept, environ):
        return None
    WHOLE.inc()
    begin("200 OK", kept.headers)
    return [kept.body]


def _written_down(kept: Kept, environ: Environ) -> bool:
    item = kept.keep.item
    if item is None:
        return True
    delivery = Delivery(item.channel, environ.get("HTTP_USER_AGENT", "")[:80], client_address(environ))
    try:
        spool.add(row_of(item.package_id, item.version_id, ANONYMOUS, delivery))
    except SpoolFailed:
        return False
    return True


def _body(answer: Iterable[bytes]) -> bytes:
    try:
        return b"".join(answer)
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()
