"""A live site over https: a proxy with a certificate of its own, and machines that know its name.

Claude Code takes archives from https addresses only, and none whose name is that of this machine. A machine sees the
name through a hosts file of its own, in a mount namespace; nothing outside of it changes.
"""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "market.test"
CHUNK = 1 << 16


@dataclass(frozen=True)
class Tls:
    """Where the proxy listens, and the certificate that clients have to trust."""

    port: int
    certificate: Path
    hosts: Path

    @property
    def url(self) -> str:
        """The address under its name."""
        return f"https://{NAME}:{self.port}"

    @property
    def prefix(self) -> tuple[str, ...]:
        """Runs a command where the name leads to this machine."""
        script = f'mount --bind {self.hosts} /etc/hosts && exec "$@"'
        return ("unshare", "--mount", "/bin/sh", "-c", script, "sh")

    @property
    def env(self) -> dict[str, str]:
        """Makes the clients trust the certificate."""
        path = str(self.certificate)
        return {"NODE_EXTRA_CA_CERTS": path, "SSL_CERT_FILE": path, "GIT_SSL_CAINFO": path}


def missing() -> str:
    """Why there can be no mount namespace here; empty when there can."""
    if shutil.which("unshare") is None or shutil.which("openssl") is None:
        return "unshare and openssl are needed for https under a name"
    done = subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False)
    return "" if done.returncode == 0 else "this user may make no mount namespace (root may)"


@contextmanager
def tls(folder: Path, target: int, listener: socket.socket) -> Iterator[Tls]:
    """Take https on `listener` and hand it on to port `target`, for the time of the block."""
    key, certificate, hosts = folder / "key.pem", folder / "cert.pem", folder / "hosts"
    call = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    names = ["-addext", f"subjectAltName=DNS:{NAME}", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*call, *names], capture_output=True, check=True)
    hosts.write_text(f"{Path('/etc/hosts').read_text(encoding='utf-8')}\n127.0.0.1 {NAME}\n", encoding="utf-8")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    threading.Thread(target=_accept, args=(listener, context, target), daemon=True).start()
    try:
        yield Tls(listener.getsockname()[1], certificate, hosts)
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _accept(listener: socket.socket, context: ssl.SSLContext, target: int) -> None:
    while True:
        try:
            plain, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(plain, context, target), daemon=True).start()


def _serve(plain: socket.socket, context: ssl.SSLContext, target: int) -> None:
    """One connection, one request: the head goes on with what a proxy says of it."""
    with suppress(OSError), plain, context.wrap_socket(plain, server_side=True) as client:
        head = b""
        while b"\r\n\r\n" not in head and (piece := client.recv(CHUNK)):
            head += piece
        first, _, rest = head.partition(b"\r\n")
        kept = b"\r\n".join(line for line in rest.split(b"\r\n\r\n")[0].split(b"\r\n") if not _is_hop(line))
        told = b"X-Forwarded-Proto: https\r\nX-Forwarded-For: 127.0.0.1\r\nConnection: close"
        with socket.create_connection(("127.0.0.1", target), timeout=60) as server:
            server.sendall(b"\r\n".join([first, kept, told]) + b"\r\n\r\n" + head.split(b"\r\n\r\n", 1)[1])
            threading.Thread(target=_pass, args=(client, server), daemon=True).start()
            _pass(server, client)


def _is_hop(line: bytes) -> bool:
    return line.lower().startswith((b"connection:", b"x-forwarded-"))


def _pass(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(CHUNK):
            target.sendall(piece)
