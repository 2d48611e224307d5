"""The one running site that clients, browser and crash tests share; each test makes users and publishers of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import live_site as sites

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.databases import Server
    from tests.live_site import LiveSite


@pytest.fixture(scope="session")
def live_site(postgres_server: Server) -> Iterator[LiveSite]:
    """Web, worker and beat on a free loopback port, started once for the run."""
    with sites.live_site(postgres_server) as site:
        yield site
