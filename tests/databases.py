"""Real databases for tests: a template migrated once by the owner role, cloned for each process that tests.

`TEST_POSTGRES` may name a running server by its superuser's address; its template is kept for the next run.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
OWNER, APP = "test_owner", "test_app"
LOCK = 7_203_115
SOURCES = (
    "*/migrations/*.py",
    "config/djstripe_migrations/*.py",
    "marketplace/management/commands/database_migrate.py",
)


def fingerprint() -> str:
    """What decides whether a template is still right: our migrations, and the packages that bring their own."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted(path for pattern in SOURCES for path in ROOT.glob(pattern)):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Database:
    """One database and its two addresses."""

    name: str
    url_owner: str
    url_app: str


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL that lets the tests make roles and databases."""

    superuser_url: str

    def _password(self, role: str) -> str:
        secret = urlsplit(self.superuser_url).password or "trusted"
        return hmac.new(secret.encode(), role.encode(), "sha256").hexdigest()[:32]

    def url(self, role: str, database: str) -> str:
        """The address of a database for one of the two test roles."""
        parts = urlsplit(self.superuser_url)
        place = f"{role}:{self._password(role)}@{parts.hostname}:{parts.port or 5432}"
        return urlunsplit(("postgresql", place, f"/{database}", "", ""))

    def _database(self, name: str) -> Database:
        return Database(name, self.url(OWNER, name), self.url(APP, name))

    @contextmanager
    def _superuser(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            yield connection

    def drop(self, name: str) -> None:
        """Remove a database and whoever is connected to it."""
        with self._superuser() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def create(self, name: str, template: str = "template0") -> Database:
        """Make a database that belongs to the owner role."""
        words = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
        with self._superuser() as connection:
            connection.execute(words.format(sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)))
        return self._database(name)

    def template(self) -> str:
        """The name of the migrated template, made by whoever asks first."""
        name = f"test_template_{fingerprint()}"
        with self._superuser() as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if not known:
                self._make_roles(connection)
                self._make_template(connection, name)
        return name

    def _make_roles(self, connection: psycopg.Connection) -> None:
        for role in (OWNER, APP):
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            words = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}" if known else "CREATE ROLE {} LOGIN PASSWORD {}")
            connection.execute(words.format(sql.Identifier(role), sql.Literal(self._password(role))))

    def _make_template(self, connection: psycopg.Connection, name: str) -> None:
        half = f"{name}_half"
        self.drop(half)
        migrate(self.create(half))
        connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(half), sql.Identifier(name)))

    @contextmanager
    def clone(self) -> Iterator[Database]:
        """A copy of the template for the time of the block."""
        name = f"test_{os.getpid()}_{uuid4().hex[:8]}"
        database = self.create(name, self.template())
        try:
            yield database
        finally:
            self.drop(name)


def migrate(database: Database) -> None:
    """Bring a database up to date the way an operator does; raises RuntimeError with the command's output."""
    names = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    urls = {"DATABASE_URL": database.url_app, "DATABASE_OWNER_URL": database.url_owner}
    command = [sys.executable, "manage.py", "database_migrate", "--verbosity=0", "--skip-checks"]
    answer = subprocess.run(
        command, cwd=ROOT, env=os.environ | names | urls, capture_output=True, text=True, check=False
    )
    if answer.returncode:
        raise RuntimeError(f"migrations failed:\n{answer.stdout}{answer.stderr}")
