"""The embedded PostgreSQL and Valkey of a test run; each ends with the process that started it."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from house.postgres import Postgres
from house.valkey import Valkey
from tests.databases import Server, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator

POSTGRES = "TEST_POSTGRES"
KEPT = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "agent-marketplace" / "test-postgres"
KEPT_MOST = 8
CLUSTER, NOTE = "postgres", "postgres.json"


@contextmanager
def folder(prefix: str) -> Iterator[Path]:
    """A temporary folder that is gone afterwards, whatever still writes into it."""
    path = Path(mkdtemp(prefix=f"market-{prefix}-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _keep(data: Path) -> None:
    """Put a stopped cluster with its template aside for the next run; only a few are kept."""
    goal = KEPT / fingerprint()
    half = Path(mkdtemp(prefix="half-", dir=KEPT))
    shutil.copytree(data / CLUSTER, half / CLUSTER)
    shutil.copy2(data / NOTE, half / NOTE)
    if goal.exists():
        shutil.rmtree(half)
        return
    half.rename(goal)
    for old in sorted(KEPT.iterdir(), key=lambda path: path.stat().st_mtime)[:-KEPT_MOST]:
        shutil.rmtree(old, ignore_errors=True)


def _prepare(data: Path) -> Postgres:
    """A cluster with the template in `data`, copied from an earlier run when nothing changed since."""
    kept, service = KEPT / fingerprint(), Postgres(data, durable=False)
    if kept.exists():
        shutil.copytree(kept, data, dirs_exist_ok=True)
        return service
    with service:
        Server(service.superuser_url).template()
    if service.cluster.is_relative_to(data):
        KEPT.mkdir(mode=0o700, parents=True, exist_ok=True)
        _keep(data)
    return service


@contextmanager
def own_postgres() -> Iterator[Postgres]:
    """A running PostgreSQL of our own with the template made."""
    with folder("postgres") as data:
        service = _prepare(data)
        try:
            with service:
                yield service
        finally:
            service.discard()


@contextmanager
def postgres() -> Iterator[Server]:
    """The server that TEST_POSTGRES names, else one of our own with the template made."""
    given = os.environ.get(POSTGRES)
    if given:
        yield Server(given)
        return
    with own_postgres() as service:
        yield Server(service.superuser_url)


@contextmanager
def own_valkey() -> Iterator[Valkey]:
    """A running, empty Valkey of our own."""
    with folder("valkey") as data, Valkey(data, durable=False) as service:
        yield service


@contextmanager
def valkey() -> Iterator[str]:
    """The address of an empty Valkey of our own."""
    with own_valkey() as service:
        yield service.url
