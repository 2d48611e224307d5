"""The little of git's wire format that is ours to read and write (gitprotocol-common, gitprotocol-v2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FLUSH = b"0000"
LENGTH = re.compile(rb"[0-9a-fA-F]{4}")
WANT = re.compile(rb"want ([0-9a-f]{40})(?:[ \n]|$)")
MOST = 65516
PROTOCOL = re.compile(r"version=[0-2](?::[a-z0-9=.-]{1,40}){0,4}")


def packet(text: bytes) -> bytes:
    """One pkt-line with `text`, at most MOST bytes of it."""
    return b"%04x%s" % (len(text[:MOST]) + 4, text[:MOST])


def error(sentence: str) -> bytes:
    """The answer that makes git end with `fatal: remote error: <sentence>`."""
    return packet(b"ERR " + sentence.replace("\n", " ").encode())


def service_head(service: str) -> bytes:
    """What stands before the refs in protocols 0 and 1."""
    return packet(f"# service={service}\n".encode()) + FLUSH


def packets(data: bytes) -> Iterator[bytes]:
    """The pkt-lines at the beginning of `data` up to the first that is cut off or malformed; flushes are empty."""
    at = 0
    while LENGTH.fullmatch(data[at : at + 4]):
        size = int(data[at : at + 4], 16)
        end = at + max(size, 4)
        if end > len(data):
            return
        yield data[at + 4 : end]
        at = end


def first_want(data: bytes) -> str | None:
    """The first object that a request to upload-pack asks for; None when it asks for none (it lists refs)."""
    for line in packets(data):
        match = WANT.match(line)
        if match:
            return match[1].decode()
    return None


def protocol_of(header: str) -> str:
    """The Git-Protocol header when it has the form of one, else empty."""
    return header if PROTOCOL.fullmatch(header) else ""
