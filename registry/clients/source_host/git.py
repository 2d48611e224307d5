"""Runs git without anybody's configuration, within limits of time and size, against public hosts only."""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from marketplace.core.addresses import AddressRefused, public_address

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

GIT_SECONDS = 120
FILE_MOST = 512 * 1024 * 1024
BLOCK = 512
CUT_OFF = ("File too large", "write error", "died of signal", "invalid index-pack output")
OURS = (
    "-c", "core.hooksPath=/dev/null",
    "-c", "safe.directory=*",
    "-c", "transfer.unpackLimit=1",
    "-c", "core.quotePath=false",
)  # fmt: skip


class SourceRefused(Exception):
    """The address may not be called, or no repository came from it; the text says why."""


def git(*arguments: str, cwd: Path, stdin: bytes | None = None, protocols: str = "file") -> bytes:
    """What one git command prints; raises SourceRefused with git's last line."""
    with git_stream(*arguments, cwd=cwd, stdin=stdin, protocols=protocols) as output:
        return output.read()


@contextmanager
def git_stream(*arguments: str, cwd: Path, stdin: bytes | None = None, protocols: str = "file") -> Iterator[IO[bytes]]:
    """What one git command prints, kept on the disk for the time of the block; raises SourceRefused.

    No file that git writes may be larger than FILE_MOST bytes, so a repository that never ends stops there.
    """
    limited = ["/bin/sh", "-c", 'ulimit -f "$1"; shift; exec "$@"', "sh", str(FILE_MOST // BLOCK)]
    command = [*limited, "git", *OURS, *arguments]
    with tempfile.TemporaryFile(dir=cwd) as output:
        try:
            subprocess.run(  # noqa: S603  (a fixed program; addresses stand behind `--`)
                command,
                cwd=cwd,
                env=_environment(cwd, protocols),
                input=stdin or b"",
                stdout=output,
                stderr=subprocess.PIPE,
                timeout=GIT_SECONDS,
                check=True,
            )
        except subprocess.TimeoutExpired as error:
            raise SourceRefused(f"no answer within {GIT_SECONDS} seconds") from error
        except subprocess.CalledProcessError as error:
            raise SourceRefused(_reason(error)) from error
        output.seek(0)
        yield output


def _environment(home: Path, protocols: str) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": protocols,
        "GIT_PROTOCOL_FROM_USER": "0",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "LC_ALL": "C",
    } | {name: os.environ[name] for name in ("SSL_CERT_FILE", "GIT_SSL_CAINFO") if name in os.environ}


def _reason(error: subprocess.CalledProcessError) -> str:
    lines: list[str] = error.stderr.decode(errors="replace").strip().splitlines() or ["git failed"]
    if error.returncode < 0 or any(sign in line for sign in CUT_OFF for line in lines):
        return f"it is damaged, or larger than {FILE_MOST // (1024 * 1024)} MiB"
    return lines[-1][:200]


def guarded(address: str) -> list[str]:
    """Git's options for one public host: its address fixed, no redirects. Raises SourceRefused."""
    try:
        parts = urlsplit(address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise SourceRefused("it is no web address") from error
    allowed = f"{parts.hostname}:{port}" in settings.OUTBOUND_ALLOW
    if parts.scheme != "https" and not (parts.scheme == "http" and allowed):
        raise SourceRefused("it must begin with https://")
    if parts.username or parts.password or not parts.hostname:
        raise SourceRefused("it must name a host and no password")
    try:
        ip = public_address(parts.hostname, port)
    except AddressRefused as error:
        raise SourceRefused(str(error)) from error
    resolved = f"[{ip}]" if ":" in ip else ip
    return [
        "-c", f"http.curloptResolve={parts.hostname}:{port}:{resolved}",
        "-c", "http.followRedirects=false",
        "-c", "http.lowSpeedLimit=1000",
        "-c", "http.lowSpeedTime=20",
    ]  # fmt: skip
