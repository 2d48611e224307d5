"""A site of its own for tests that break it, a person who publishes there, and the ledger that finds what broke."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import live_site, servers
from tests.crash.author import Author
from tests.crash.ledger import Ledger
from tests.databases import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from house.postgres import Postgres
    from house.valkey import Valkey
    from tests.live_site import LiveSite


@pytest.fixture(scope="session")
def database_server() -> Iterator[Postgres]:
    """A PostgreSQL that tests may stop and start."""
    with servers.own_postgres() as service:
        yield service


@pytest.fixture(scope="session")
def queue_server() -> Iterator[Valkey]:
    """A Valkey that tests may stop and start."""
    with servers.own_valkey() as service:
        yield service


@pytest.fixture(scope="session")
def site(database_server: Postgres, queue_server: Valkey) -> Iterator[LiveSite]:
    """Web, worker and beat with points to be killed at."""
    server = Server(database_server.superuser_url)
    with live_site.live_site(
        server, django_settings_module="tests.crash.settings", redis_url=queue_server.url
    ) as running:
        (running.data_dir / "kill").mkdir()
        yield running


@pytest.fixture(scope="session")
def author(site: LiveSite) -> Author:
    """The person who publishes."""
    return Author(site)


@pytest.fixture
def ledger(site: LiveSite) -> Ledger:
    """The site's books."""
    return Ledger(site)
