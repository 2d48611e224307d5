"""The shipped nginx configuration before a live site: hosts, ports and folders are the test's, the rest is as is."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from house.virtualenv import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SHIPPED = ROOT / "deploy" / "nginx"
SECONDS = 10


@dataclass(frozen=True)
class Ports:
    """Where nginx listens, where it is told of changes, and where web stands behind it."""

    site: int
    refresh: int
    web: int


@dataclass(frozen=True)
class Answer:
    """Status, headers (by lower-case name) and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def program() -> str | None:
    """The nginx of this machine."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}{os.pathsep}/usr/sbin")


def adapted(ports: Ports, folder: Path) -> str:
    """The shipped main file for these ports, without certificates, with everything that it writes in `folder`."""
    text = (SHIPPED / "nginx.conf").read_text(encoding="utf-8")
    user = "user root root; " if os.geteuid() == 0 else ""
    for before, after in {
        "user www-data;": f"{user}daemon off; pid {folder}/pid; error_log {folder}/error.log;",
        "worker_processes auto;": "worker_processes 1;",
        "/var/cache/nginx/market": f"{folder}/copies",
        "/var/log/nginx": str(folder),
        "127.0.0.1:8000;": f"127.0.0.1:{ports.web};",
        "127.0.0.1:8081;": f"127.0.0.1:{ports.refresh};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{ports.site};",
        "server { listen 80; return 301 https://$host$request_uri; }": "",
        "server_name market.example.com;": "server_name localhost;",
        "include market/": f"include {folder}/market/",
    }.items():
        assert before in text, before
        text = text.replace(before, after)
    text = re.sub(r"\n\s*ssl_certificate\S* [^;]+;", "", text)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"  {kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    return text.replace("http {\n", f"http {{\n{temporary}", 1)


FILES = """
  server {{
    listen 127.0.0.1:{port};
    server_name files.localhost;
    location /files/ {{ root {folder}; }}
  }}
}}
"""


@contextmanager
def nginx(ports: Ports, folder: Path, *, core: int | None = None, files: bool = False) -> Iterator[None]:
    """Run it for the time of the block, on one core or all; `files` has it give away `folder/files` as well."""
    conf, text = folder / "nginx.conf", adapted(ports, folder)
    if files:
        (folder / "files").mkdir()
        text = text.rstrip().removesuffix("}") + FILES.format(port=ports.site, folder=folder)
    conf.write_text(text, encoding="utf-8")
    (folder / "market").mkdir()
    for path in SHIPPED.glob("market/*.conf"):
        inner = path.read_text(encoding="utf-8").replace("include market/", f"include {folder}/market/")
        (folder / "market" / path.name).write_text(inner, encoding="utf-8")
    pinned = ["taskset", "--cpu-list", str(core)] if core is not None else []
    command = [*pinned, program() or "nginx", "-c", str(conf), "-p", str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + SECONDS
        while ask(f"http://127.0.0.1:{ports.refresh}/").status != 405:
            assert process.poll() is None, (folder / "error.log").read_text(encoding="utf-8")
            assert time.monotonic() < deadline, "nginx does not answer"
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(SECONDS)


def ask(url: str, *, source: str = "127.0.0.1", **headers: str) -> Answer:
    """One GET without redirects, from an address of this machine; status 0 when nobody answers."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port or 80, SECONDS, (source, 0))
    sent = {"Host": parts.netloc} | {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request("GET", parts.path, headers=sent)
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, told, answer.read())
    except OSError:
        return Answer(0, {}, b"")
    finally:
        connection.close()
