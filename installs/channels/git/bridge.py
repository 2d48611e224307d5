"""Runs `git upload-pack` for one request and streams both ways (gitprotocol-http, gitprotocol-v2)."""

from __future__ import annotations

import subprocess
import threading
import zlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connections

from installs.clients.gitdisk import environment
from marketplace.core.errors import LimitReached, TooLarge

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from django.http import HttpRequest

BODY_MOST = 10 * 1024 * 1024
CHUNK = 1 << 16
PEEK = 1 << 16
SLOTS = threading.BoundedSemaphore(16)
SERVICE = b"001e# service=git-upload-pack\n0000"


def protocol_of(request: HttpRequest) -> str:
    """The Git-Protocol header, when it is one that git sends."""
    text: str = request.headers.get("Git-Protocol", "")
    return text if len(text) <= 64 and all(letter.isalnum() or letter in "=:.-" for letter in text) else ""  # noqa: PLR2004


def body_of(request: HttpRequest) -> Iterator[bytes]:
    """The request's body in pieces, gunzipped, at most BODY_MOST bytes; raises TooLarge MP9005."""
    size = 0
    engine = zlib.decompressobj(wbits=31) if request.headers.get("Content-Encoding", "") in {"gzip", "x-gzip"} else None
    while chunk := request.read(CHUNK):
        data = engine.decompress(chunk, BODY_MOST + 1) if engine else chunk
        size += len(data)
        if size > BODY_MOST:
            raise TooLarge("MP9005", {"limit": BODY_MOST})
        yield data


def advertise(repository: Path, protocol: str) -> bytes:
    """The answer to `info/refs`: what the repository offers."""
    command = ["git", "upload-pack", "--stateless-rpc", "--http-backend-info-refs", str(repository)]
    done = subprocess.run(  # noqa: S603  (a fixed program with a path of ours)
        command, env=environment(GIT_PROTOCOL=protocol), capture_output=True, timeout=30, check=True
    )
    return done.stdout if "version=2" in protocol else SERVICE + done.stdout


def upload_pack(repository: Path, protocol: str, head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    """Stream `head` and `rest` into git and its answer out; raises LimitReached MP5012 when all slots are in use."""
    if not SLOTS.acquire(timeout=5):
        raise LimitReached("MP5012")
    try:
        process = subprocess.Popen(  # noqa: S603  (a fixed program with a path of ours)
            ["git", "upload-pack", "--stateless-rpc", str(repository)],  # noqa: S607  (found on the path we set)
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(GIT_PROTOCOL=protocol),
        )
    except BaseException:
        SLOTS.release()
        raise
    body = b"".join([head, *rest])
    return _answer(process, body)


def _answer(process: subprocess.Popen[bytes], body: bytes) -> Iterator[bytes]:
    """What git says, until it ends, its time is over or the client has gone."""
    assert process.stdin is not None  # noqa: S101  (opened as pipes above)
    assert process.stdout is not None  # noqa: S101
    timer = threading.Timer(settings.GIT_SECONDS, process.kill)
    timer.start()
    threading.Thread(target=_feed, args=(process.stdin, body), daemon=True).start()
    try:
        while chunk := process.stdout.read1(CHUNK):  # type: ignore[attr-defined]  # a buffered reader has it
            yield chunk
    finally:
        timer.cancel()
        process.kill()
        process.stdout.close()
        process.wait()
        SLOTS.release()


def _feed(stdin: BinaryIO, body: bytes) -> None:
    try:
        stdin.write(body)
        stdin.close()
    except (BrokenPipeError, OSError):
        return


def release_connections() -> None:
    """Give the database connection back before a long answer begins."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
