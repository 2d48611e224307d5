"""`kill -9` of web or worker at each step of a purchase: after the retries there is nothing to mend."""

from __future__ import annotations

from contextlib import suppress
from http.client import HTTPException
from typing import TYPE_CHECKING

import pytest

from payments.sandbox.ledger import sums
from tests import live_sandbox, live_site
from tests.clients import packages
from tests.clients.shopping import Shopper, price
from tests.clients.visitor import Person, person, publish
from tests.crash.faults import file_of
from tests.crash.ledger import Ledger
from tests.crash.points import BUYING_WEB, BUYING_WORKER, REFUNDING_WEB
from tests.crash.test_publish import wait_for_death

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from payments.sandbox.server import Sandbox
    from tests.crash.points import Point
    from tests.databases import Server
    from tests.live_site import LiveSite

pytestmark = [pytest.mark.crash, pytest.mark.long]


@pytest.fixture(scope="module")
def shop(postgres_server: Server, sandbox: Sandbox) -> Iterator[LiveSite]:
    """A site of its own that sells, with points to be killed at."""
    sells = live_sandbox.variables(sandbox.world.base_url)
    with live_site.live_site(
        postgres_server, variables=sells, django_settings_module="tests.crash.settings"
    ) as running:
        (running.data_dir / "kill").mkdir()
        live_sandbox.tell(sandbox, running)
        yield running


@pytest.fixture(scope="module")
def offer(shop: LiveSite) -> tuple[str, str]:
    """A package and its price."""
    seller: Person = person(shop, "tides")
    package = publish(shop, seller, packages.skill("tide-tables")).rpartition("@")[0]
    return package, price(shop, seller, package)


@pytest.fixture
def shopper(shop: LiveSite, sandbox: Sandbox, offer: tuple[str, str]) -> Shopper:
    """A new buyer."""
    return Shopper(shop, sandbox, person(shop), offer[0])


def killed(site: LiveSite, role: str, point: Point, act: Callable[[], object]) -> None:
    """Do the act while the point is armed, wait for the death, and start what died anew."""
    file_of(site.data_dir, point).touch()
    with suppress(OSError, HTTPException, AssertionError):
        act()
    wait_for_death(site, role, point)
    Ledger(site).let_hours_pass()
    site.start(role)
    if role == "web":
        site.wait_until_ready()


def nothing_to_mend(shopper: Shopper, state: str) -> None:
    """One payment, one licence, and nothing that drifted from the processor; its ledger sums to zero."""
    shopper.wait(state)
    Ledger(shopper.site).settle()
    assert shopper.site.manage("payments_reconcile").stdout.splitlines()[-1] == "0 mended, 0 could not be read"
    world = shopper.sandbox.world
    customers = world.store.every("customer", email=shopper.who.email)
    assert len(customers) == 1
    assert len([row for row in world.store.every("charge", customer=customers[0]["id"]) if row["paid"]]) == 1
    assert all(held["total"] == 0 for held in sums(world.store).values())


@pytest.mark.parametrize("point", BUYING_WEB, ids=str)
def test_web_killed_while_somebody_buys(shopper: Shopper, offer: tuple[str, str], point: Point) -> None:
    killed(shopper.site, "web", point, lambda: shopper.pay(offer[1]))
    if not shopper.sandbox.world.store.every("subscription", **customer_of(shopper)):
        shopper.pay(offer[1])
    nothing_to_mend(shopper, "active")


@pytest.mark.parametrize("point", BUYING_WORKER, ids=str)
def test_worker_killed_while_a_payment_is_taken_in(shopper: Shopper, offer: tuple[str, str], point: Point) -> None:
    killed(shopper.site, "worker", point, lambda: shopper.pay(offer[1]))
    nothing_to_mend(shopper, "active")


@pytest.mark.parametrize("point", REFUNDING_WEB, ids=str)
def test_web_killed_while_money_goes_back(shopper: Shopper, offer: tuple[str, str], point: Point) -> None:
    shopper.buy(offer[1])
    killed(shopper.site, "web", point, lambda: shopper.act("refund", reason="not for us"))
    with suppress(AssertionError):  # all of it went back already
        shopper.act("refund", reason="not for us")
    nothing_to_mend(shopper, "revoked")
    refunds = shopper.sandbox.world.store.every("refund")
    assert len({row["charge"] for row in refunds}) == len(refunds)


def customer_of(shopper: Shopper) -> dict[str, str]:
    """Which objects of the processor are this buyer's."""
    found = shopper.sandbox.world.store.every("customer", email=shopper.who.email)
    return {"customer": found[0]["id"] if found else "cus_nobody"}
