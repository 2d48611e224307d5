"""The one running site that clients, browser and crash tests share; each test makes users and publishers of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import live_sandbox
from tests import live_site as sites

if TYPE_CHECKING:
    from collections.abc import Iterator

    from payments.sandbox.server import Sandbox
    from tests.databases import Server
    from tests.live_site import LiveSite


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """Where the live sites of this run are paid; its clock only goes ahead."""
    with live_sandbox.sandbox_delivering() as running:
        yield running


@pytest.fixture(scope="session")
def live_site(postgres_server: Server, sandbox: Sandbox) -> Iterator[LiveSite]:
    """Web, worker and beat on a free loopback port, started once for the run."""
    with sites.live_site(postgres_server, variables=live_sandbox.variables(sandbox.world.base_url)) as site:
        live_sandbox.tell(sandbox, site)
        yield site
