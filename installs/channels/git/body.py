"""The request of a git client: unpacked while it is read, never longer than BODY_MOST, never whole in memory."""

from __future__ import annotations

import zlib
from itertools import chain
from typing import TYPE_CHECKING

from marketplace.core.errors import Invalid, TooLarge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

BODY_MOST = 10 * 1024 * 1024
CHUNK = 1 << 15


def body_of(request: HttpRequest) -> Iterator[bytes]:
    """The body in pieces of at most 32 KiB.

    Raises Invalid MP5013 for a broken or unknown encoding, TooLarge MP9005 beyond BODY_MOST bytes, packed or not.
    """
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if encoding not in {"identity", "gzip", "x-gzip"}:
        raise Invalid("MP5013")
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_MOST:
        raise TooLarge("MP9005", {"limit": BODY_MOST})
    return _bounded(_read(request) if encoding == "identity" else _gunzipped(_bounded(_read(request))))


def beginning(body: Iterator[bytes], size: int = CHUNK) -> tuple[bytes, Iterator[bytes]]:
    """The first `size` bytes (or a little more, or all there is), and the whole body again."""
    head = b""
    for piece in body:
        head += piece
        if len(head) >= size:
            break
    return head, chain([head], body)


def _read(request: HttpRequest) -> Iterator[bytes]:
    while piece := request.read(CHUNK):
        yield piece


def _gunzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    engine = zlib.decompressobj(wbits=31)
    try:
        for piece in pieces:
            left = piece
            while left and not engine.eof:
                yield engine.decompress(left, CHUNK)
                left = engine.unconsumed_tail
    except zlib.error as error:
        raise Invalid("MP5013") from error
    if not engine.eof:
        raise Invalid("MP5013")


def _bounded(pieces: Iterator[bytes]) -> Iterator[bytes]:
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > BODY_MOST:
            raise TooLarge("MP9005", {"limit": BODY_MOST})
        yield piece
