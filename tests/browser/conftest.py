"""What a browser's test stands on: Chromium, axe, a live site with the demo catalogue, people who are signed in."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests import live_sandbox
from tests import live_site as sites
from tests.browser import chromium
from tests.browser.window import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from payments.sandbox.server import Sandbox
    from tests.databases import Server
    from tests.live_site import LiveSite


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is of the browser tier."""
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


def _needed(get: Callable[[], str]) -> str:
    try:
        return get()
    except chromium.Missing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return _needed(chromium.axe)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    program = _needed(chromium.chromium)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=chromium.OPTIONS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def demo_site(postgres_server: Server, sandbox: Sandbox) -> Iterator[LiveSite]:
    """A site with the demo people and packages, which sells."""
    with sites.live_site(postgres_server, variables=live_sandbox.variables(sandbox.world.base_url), demo="1") as site:
        live_sandbox.tell(sandbox, site)
        site.manage("demo_load")
        site.wait_until_idle(240)
        yield site


@pytest.fixture(scope="session")
def live_site(demo_site: LiveSite) -> LiveSite:
    """The one site of this tier: journeys go on beside the demo catalogue."""
    return demo_site


@pytest.fixture(scope="session")
def window(browser: Browser, demo_site: LiveSite) -> Window:
    """Opens pages of the demo site."""
    return Window(browser, demo_site.url)
