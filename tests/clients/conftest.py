"""What a client's test stands on: the client itself, a machine to run it on, people of the live site."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.clients import install
from tests.clients.machine import Machine
from tests.clients.visitor import Person, person

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
