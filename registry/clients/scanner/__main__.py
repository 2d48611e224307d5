"""The scanner's own process: forks for each scan, so that one that runs away or dies takes nothing with it."""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
from typing import Any

from registry.clients.scanner.frames import read_frame, write_frame
from registry.clients.scanner.work import work
from registry.clients.scanner.yara import rules

FILES = 64


def main() -> None:
    """Answer requests (a JSON message, then the archive) until the other side is gone."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    rules()
    while (head := read_frame(requests)) is not None and (archive := read_frame(requests)) is not None:
        write_frame(answers, _answer(json.loads(head), archive))


def _answer(asked: dict[str, Any], archive: bytes) -> bytes:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _child(asked, archive, writer)
    os.close(writer)
    data = _collect(reader, float(asked["seconds"]))
    if data is None:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if data is None:
        return _failed(f"took longer than {asked['seconds']} seconds")
    return data if status == 0 and data else _failed(f"the scan ended with status {status}")


def _child(asked: dict[str, Any], archive: bytes, writer: int) -> None:
    """Never returns."""
    status = 1
    try:
        seconds = int(float(asked["seconds"])) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (asked["memory"], asked["memory"]))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with os.fdopen(writer, "wb") as answer:
            answer.write(json.dumps(work(asked, archive)).encode())
        status = 0
    except MemoryError:
        status = 3
    except Exception as failure:  # noqa: BLE001  (told to whoever reads the log; the status says that it failed)
        sys.stderr.write(f"scan: {type(failure).__name__}: {failure}\n")
    finally:
        os._exit(status)


def _collect(reader: int, seconds: float) -> bytes | None:
    """Everything the child writes until it ends; None when time is up."""
    parts: list[bytes] = []
    ends = time.monotonic() + seconds
    with os.fdopen(reader, "rb", buffering=0) as stream:
        while (left := ends - time.monotonic()) > 0:
            if not select.select([stream], [], [], left)[0]:
                return None
            part = stream.read(1 << 16)
            if not part:
                return b"".join(parts)
            parts.append(part)
    return None


def _failed(reason: str) -> bytes:
    return json.dumps({"failed": reason}).encode()


if __name__ == "__main__":
    main()
