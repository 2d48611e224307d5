"""Request bodies: read within a limit, unpacked within the same limit, parsed."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

from django.conf import settings

from installs.channels.npm.answers import BadRequest
from marketplace.core.errors import TooLarge

if TYPE_CHECKING:
    from django.http import HttpRequest

CHUNK = 1 << 18
SMALL = 4 * 1024 * 1024


def publication_limit() -> int:
    """Bytes of JSON around the largest tarball in base64, and room for its manifest."""
    return settings.UPLOAD_MAX_BYTES * 14 // 10 + 1024 * 1024


def read_json(request: HttpRequest, *, limit: int = SMALL) -> Any:
    """The value in the body; raises TooLarge MP9005 beyond `limit` bytes, BadRequest MP9010 for anything but JSON."""
    data = _read(request, limit)
    if request.headers.get("Content-Encoding", "").lower() == "gzip":
        data = _unpacked(data, limit)
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadRequest("MP9010", {"form": "JSON"}) from error


def read_object(request: HttpRequest, *, limit: int = SMALL) -> dict[str, Any]:
    """The JSON object in the body; raises like read_json."""
    value = read_json(request, limit=limit)
    if not isinstance(value, dict):
        raise BadRequest("MP9010", {"form": "JSON object"})
    return value


def _read(request: HttpRequest, limit: int) -> bytes:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > limit:
        raise TooLarge("MP9005", {"limit": limit})
    data = bytearray()
    while chunk := request.read(CHUNK):
        data += chunk
        if len(data) > limit:
            raise TooLarge("MP9005", {"limit": limit})
    return bytes(data)


def _unpacked(data: bytes, limit: int) -> bytes:
    engine = zlib.decompressobj(wbits=31)
    try:
        unpacked = engine.decompress(data, limit + 1)
    except zlib.error as error:
        raise BadRequest("MP9010", {"form": "gzip"}) from error
    if len(unpacked) > limit:
        raise TooLarge("MP9005", {"limit": limit})
    return unpacked
