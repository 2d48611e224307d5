"""Which process is that? Answers from /proc where it exists, else from `ps` and `lsof`."""

from __future__ import annotations

import shutil
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
LISTENING = "0A"


def _ps(pid: int, column: str) -> str:
    program = shutil.which("ps")
    if program is None:
        return ""
    answer = subprocess.run(  # noqa: S603
        [program, "-o", f"{column}=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()


def identity(pid: int) -> str | None:
    """What tells this process from a later one with the same number; None when it is gone or a zombie."""
    if (PROC / "self/stat").exists():
        try:
            state, *fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
        return None if state in "ZX" else f"{boot}:{fields[18]}"
    return _ps(pid, "lstart") or None


def command(pid: int) -> str:
    """The command line of a process as people write it; empty when it cannot be read."""
    if PROC.joinpath("self/cmdline").exists():
        with suppress(OSError):
            return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        return ""
    return _ps(pid, "command")


def _listening_inodes(port: int) -> set[str]:
    inodes = set()
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in (PROC / "net" / table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                    inodes.add(f"socket:[{fields[9]}]")
    return inodes


def listener(port: int) -> int | None:
    """The process that listens on a TCP port of this machine, as far as we may see it."""
    inodes = _listening_inodes(port)
    if inodes:
        for handle in PROC.glob("[0-9]*/fd/*"):
            with suppress(OSError):
                if str(handle.readlink()) in inodes:
                    return int(handle.parts[2])
        return None
    program = None if PROC.joinpath("net/tcp").exists() else shutil.which("lsof")
    if program is None:
        return None
    answer = subprocess.run(  # noqa: S603
        [program, "-nP", "-t", f"-iTCP:{port}", "-sTCP:LISTEN"], capture_output=True, text=True, check=False
    )
    return int(answer.stdout.split()[0]) if answer.stdout.strip() else None


def is_free(port: int) -> bool:
    """Whether nobody answers at this port of `localhost` and a server could listen there."""
    for address in ("127.0.0.1", "::1"):
        with suppress(OSError), socket.create_connection((address, port), timeout=1):
            return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(*wanted: int | None) -> int:
    """The first of `wanted` that is free, else any free loopback port."""
    for port in wanted:
        if port and is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def occupant(port: int) -> str:
    """A phrase naming who holds a port: `process 4711 (nginx: master)`."""
    pid = listener(port)
    return f"process {pid} ({command(pid)[:60].strip() or 'unknown'})" if pid else "another process"
