"""What a client's test stands on: the client itself, a machine to run it on, people of the live site."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests import live_sandbox
from tests import live_site as sites
from tests.clients import install
from tests.clients.machine import Machine
from tests.clients.tls import NAME, missing, tls
from tests.clients.visitor import Person, person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from payments.sandbox.server import Sandbox
    from tests.clients.tls import Tls
    from tests.databases import Server
    from tests.live_site import LiveSite


def need(*names: str) -> None:
    """Go on with these clients installed; without them the test is skipped, and fails where CI is set."""
    for name in names:
        try:
            install.command(name)
        except install.CannotInstall as missing:
            if os.environ.get("CI"):
                pytest.fail(str(missing))
            pytest.skip(str(missing))


@pytest.fixture
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Machine:
    """A fresh machine with the clients that the test's mark `needs` names."""
    mark = request.node.get_closest_marker("needs")
    need(*(mark.args if mark else ()))
    return Machine(tmp_path)


@pytest.fixture
def publisher(live_site: LiveSite) -> Person:
    """A person with a publisher of their own."""
    return person(live_site, f"acme-{uuid4().hex[:8]}")


@pytest.fixture
def new_person(live_site: LiveSite) -> Callable[[], Person]:
    """Makes accounts that have published nothing."""
    return lambda: person(live_site)


@pytest.fixture(scope="session")
def https_site(
    postgres_server: Server, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[LiveSite, Tls]]:
    """A live site under an https name; skipped where there can be no mount namespace, which fails where CI is set."""
    if why := missing():
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"https://{NAME}:{listener.getsockname()[1]}"
    hosts = f"{NAME},localhost,127.0.0.1"
    sells = live_sandbox.variables(sandbox.world.base_url)
    with (
        sites.live_site(
            postgres_server, variables=sells, base_url=url, allowed_hosts=hosts, trusted_proxies="1"
        ) as site,
        tls(tmp_path_factory.mktemp("tls"), site.port, listener) as proxy,
    ):
        yield site, proxy


@pytest.fixture
def away(request: pytest.FixtureRequest, tmp_path: Path, https_site: tuple[LiveSite, Tls]) -> Machine:
    """A fresh machine that knows the https site by its name."""
    mark = request.node.get_closest_marker("needs")
    need(*(mark.args if mark else ()))
    return Machine(tmp_path, https_site[1].env, https_site[1].prefix)
