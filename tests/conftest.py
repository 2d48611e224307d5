"""What every test stands on: PostgreSQL as the app role, Valkey, and public rows only until a test binds a viewer."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase, override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from config.env import database as parsed
from marketplace.core import tenancy
from marketplace.core.postgres.base import DatabaseWrapper
from marketplace.models import OutboxEntry
from marketplace.tasks import outbox_run
from tests import servers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.databases import Database, Server

pytest_plugins = ["tests.query_counts", "tests.site_fixtures"]

hypothesis_settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.register_profile("ci", hypothesis_settings.get_profile("local"), derandomize=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """The PostgreSQL of this run."""
    with servers.postgres() as server:
        yield server


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """The address of a Valkey of our own, which the cache uses from now on."""
    with servers.valkey() as url:
        changed = {"default": settings.CACHES["default"] | {"LOCATION": url}}
        with override_settings(CACHES=changed):
            yield url


def _point_at(database: Database) -> None:
    connections.close_all()
    wanted = parsed(database.url_app)
    settings.DATABASE_OWNER = parsed(database.url_owner)
    for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT"):
        connections["default"].settings_dict[key] = wanted[key]


@pytest.fixture(scope="session")
def django_db_setup(
    postgres_server: Server,
    valkey: str,  # noqa: ARG001  (whoever touches the database may touch the cache)
    django_test_environment: None,  # noqa: ARG001  (first)
) -> Iterator[None]:
    """A clone of the template for this process; a test that committed gets its successor a fresh one."""
    with postgres_server.clone() as database:

        def renew(_case: TransactionTestCase) -> None:
            connections.close_all()
            postgres_server.drop(database.name)
            postgres_server.create(database.name, postgres_server.template())

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(TransactionTestCase, "_fixture_teardown", renew)
            _point_at(database)
            yield
            connections.close_all()
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


@pytest.fixture(autouse=True)
def public_scope() -> Iterator[None]:
    """Begin each test as nobody, with an empty cache, as a request does."""
    tenancy.current.set(tenancy.PUBLIC)
    for connection in connections.all(initialized_only=True):
        if isinstance(connection, DatabaseWrapper) and connection.connection is not None:
            connection.applied = None
            connection.apply_scope()
            cache.clear()
    yield
    tenancy.current.set(tenancy.PUBLIC)


@pytest.fixture
def as_system() -> Iterator[None]:
    """Run the test's own queries as the system, past row-level security."""
    with tenancy.bound(tenancy.SYSTEM):
        yield


@pytest.fixture
def run_jobs() -> Callable[[], int]:
    """A function that runs every promised job now, and those that these promise; returns how many ran."""

    def run() -> int:
        done: set[str] = set()
        while True:
            with tenancy.bound(tenancy.SYSTEM):
                waiting = {str(row.public_id) for row in OutboxEntry.objects.filter(given_up_at=None)} - done
            if not waiting:
                return len(done)
            for public_id in sorted(waiting):
                outbox_run(public_id)
            done |= waiting

    return run
