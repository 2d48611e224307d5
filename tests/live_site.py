"""A whole site on loopback: web, worker and beat as programs of their own, with their own database, Valkey and folder.

Every program is started the way the image starts it (deploy/entrypoint) and ends with the process that started it.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from house import processes, record, signing
from house.program import Guarded, Program
from house.virtualenv import ROOT
from tests import servers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.databases import Database, Server

ROLES = ("web", "worker", "beat")
READY_SECONDS = 60.0
PAUSE = 0.05
COLLECTED: list[str] = []
"""The first site of this run, which put the static files where all find them."""


@dataclass(slots=True)
class LiveSite:
    """The running site: `url`, `env` (what its programs see), `data_dir`, and the two addresses of its database."""

    port: int
    data_dir: Path
    database: Database
    env: dict[str, str]
    running: dict[str, Guarded] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The site's address, without a slash at the end."""
        return self.env["BASE_URL"]

    @property
    def database_url(self) -> str:
        """The database as the app role sees it."""
        return self.database.url_app

    @property
    def database_url_owner(self) -> str:
        """The database as its owner sees it: row-level security still applies, migrations may run."""
        return self.database.url_owner

    def manage(self, *arguments: str, check: bool = True, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a management command beside the site; with `check` a failure raises with what it printed."""
        command = [str(ROOT / "deploy" / "entrypoint"), "manage", *arguments]
        answer = subprocess.run(command, env=self.env, input=stdin or "", capture_output=True, text=True, check=False)
        if check and answer.returncode:
            raise AssertionError(f"manage {' '.join(arguments)}: {answer.returncode}\n{answer.stdout}{answer.stderr}")
        return answer

    def start(self, role: str, **more: str) -> None:
        """Start web, worker or beat, with `more` in its environment."""
        command = [str(ROOT / "deploy" / "entrypoint"), role]
        program = Program(role, command, self.data_dir / "run", self.log(role), self.env | more, folder=ROOT)
        self.running[role] = Guarded(program)

    def stop(self, role: str) -> None:
        """Ask a program for a graceful stop and wait for its end."""
        self.running.pop(role).stop()

    def kill(self, role: str) -> None:
        """`kill -9` a program with all its processes, and wait until they are gone."""
        self.running.pop(role).kill()

    def has_ended(self, role: str) -> bool:
        """Whether a program that was started is gone."""
        return self.running[role].poll() is not None

    def pid(self, role: str) -> int:
        """The process id of a program; it leads a process group of its own."""
        child = record.load(self.data_dir / "run" / f"{role}.json")["child"]
        return int(child[0])

    def log(self, role: str) -> Path:
        """The file with a program's output."""
        return self.data_dir / "log" / f"{role}.log"

    def wait_until_ready(self) -> None:
        """Wait for /readyz; raises AssertionError with the end of web's log."""
        deadline = time.monotonic() + READY_SECONDS
        while not _answers(f"http://127.0.0.1:{self.port}/readyz"):
            if time.monotonic() > deadline or self.has_ended("web"):
                raise AssertionError(f"the site does not get ready:\n{self.running['web'].program.tail()}")
            time.sleep(PAUSE)

    def wait_until_idle(self, seconds: float = 60.0) -> None:
        """Wait until the outbox is empty, but for copies of payments that nobody waits for.

        Raises AssertionError with the worker's log when it stays full.
        """
        import psycopg  # noqa: PLC0415  (only who waits needs it)

        deadline = time.monotonic() + seconds
        with psycopg.connect(self.database.url_app, autocommit=True) as connection:
            connection.execute("SELECT set_config('market.system', 'on', false)")
            waiting = "given_up_at IS NULL AND job <> 'payments.order_mirror'"
            words = f"SELECT count(*) FROM marketplace_outboxentry WHERE {waiting}"  # noqa: S608  (no value in it)
            while (connection.execute(words).fetchone() or (0,))[0]:
                if time.monotonic() > deadline:
                    raise AssertionError(f"jobs are left:\n{self.log('worker').read_text(errors='replace')[-4000:]}")
                time.sleep(PAUSE)


def _answers(url: str) -> bool:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _environment(port: int, data: Path, database: Database, redis_url: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "TZ", "TMPDIR", "CI") if name in os.environ}
    return kept | {
        "PATH": f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "METRICS_TOKEN": secrets.token_urlsafe(16),
        "BASE_URL": f"http://localhost:{port}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "PORT": str(port),
        "LISTEN_HOST": "127.0.0.1",
        "COOLDOWN_HOURS": "0",
        "DATABASE_URL": database.url_app,
        "DATABASE_OWNER_URL": database.url_owner,
        "REDIS_URL": redis_url,
        "GS_BUCKET": "",
        "DATA_DIR": str(data),
        "SIGNING_KEY_FILE": str(data / "signing.pem"),
        "EMAIL_URL": f"file://{data / 'mail'}",
        "BEAT_SCHEDULE": str(data / "beat"),
        "LOG_FORMAT": "json",
        "TEST_TENANT": "0",
        "DEMO": "0",
        "WEB_THREADS": "8",
        "WORKER_PROCESSES": "1",
    }


@contextmanager
def live_site(
    server: Server, *, roles: tuple[str, ...] = ROLES, variables: Mapping[str, str] | None = None, **more: str
) -> Iterator[LiveSite]:
    """A site for the time of the block, with `variables` and `more` in the environment of all its programs."""
    with servers.folder("site") as data, servers.valkey() as redis_url, server.clone() as database:
        port = processes.free_port()
        env = _environment(port, data, database, redis_url) | _given({**(variables or {}), **more})
        if env["TEST_TENANT"] == "1":
            env["BASE_URL"] = f"http://127.0.0.1:{port}"
        site = LiveSite(port, data, database, env)
        signing.ensure(data / "signing.pem")
        _collect_static(site)
        try:
            for role in roles:
                site.start(role)
            if "web" in roles:
                site.wait_until_ready()
            yield site
        finally:
            for guarded in site.running.values():
                guarded.close()
            for role in tuple(site.running):
                site.stop(role)


def _collect_static(site: LiveSite) -> None:
    """Once in a run: every site serves the same files from the same folder."""
    if not COLLECTED:
        site.manage("collectstatic", "--noinput", "--verbosity=0")
        COLLECTED.append(site.url)


def _given(more: Mapping[str, str]) -> dict[str, str]:
    return {name.upper(): value for name, value in more.items()}
