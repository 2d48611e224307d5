"""A burst of signed webhooks on a live site: how fast they are acknowledged, and that each works exactly once."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from house import processes
from house.bench.table import save, show
from house.console import say, step
from house.virtualenv import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.live_site import LiveSite

EVENTS, AT_ONCE = 1000, 16
LEAST_AN_ORDER = 6
"""Events that one purchase makes, at the least; the burst is cut to the wished number."""
P95_MOST_MS = 200.0
DRAIN_SECONDS = 600.0
VISA = "4242424242424242"
NOWHERE = "http://127.0.0.1:1/"
LATER_SECONDS = 1_000_000
"""The sandbox itself delivers nothing in that time: the burst does."""


class _Stay(urllib.request.HTTPRedirectHandler):
    """Stays at the sandbox: the way back to the site is not taken."""

    def http_error_302(self, _request: Any, answer: Any, *_more: Any) -> Any:
        """Take the redirect for the answer."""
        answer.status = answer.code = 200
        return answer


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay)
ORDERS = """
from marketplace.core import tenancy
from marketplace.models import User
from marketplace.services.viewers import viewer_of_user
from payments.domain.money import Money
from payments.domain.prices import Interval, PriceTerms
from payments.services.orders import order_start
from payments.services.prices import price_create
from registry.models import Package, Publisher
with tenancy.bound(tenancy.SYSTEM):
    seller = User.objects.create_user("seller@example.com", None)
    publisher = Publisher.objects.create(name="bench", user=seller)
    package = Package.objects.create(publisher=publisher, name="paid", full_name="@bench/paid", kind="skill")
    terms = PriceTerms(Interval.MONTH, Money(500, "eur"))
    price = price_create(package=package, terms=terms, by=viewer_of_user(seller))
    for number in range({count}):
        buyer = User.objects.create_user("buyer-%d@example.com" % number, None)
        order_start(price=price, seats=1, organization=None, by=viewer_of_user(buyer))
"""
BOOKS = """
SELECT (SELECT count(*) FROM payments_webhookevent) AS stored,
       (SELECT count(*) FROM payments_webhookevent WHERE processed_at IS NULL) AS waiting,
       (SELECT count(*) FROM payments_licence WHERE state = 'active') AS licences,
       (SELECT count(*) FROM payments_payment) AS payments,
       (SELECT count(*) FROM marketplace_auditentry WHERE action = 'payments:licence:change') AS changes
"""


def main(argv: Sequence[str]) -> int:
    """Measure; returns 1 when the burst was too slow or anything was lost or done twice."""
    parser = argparse.ArgumentParser(prog="script/bench webhooks", description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="connections that deliver at the same time")
    parser.add_argument("--json", type=Path, help="write the results here as well")
    options = parser.parse_args(argv)
    sys.path.append(str(ROOT))
    from tests import live_sandbox, live_site, servers  # noqa: PLC0415  (need the virtual environment)

    with ExitStack() as stack:
        sandbox = stack.enter_context(_sandbox())
        server = stack.enter_context(servers.postgres())
        site = stack.enter_context(live_site.live_site(server, variables=live_sandbox.variables(sandbox)))
        with step(f"Buying until there are {options.events} events"):
            parcels, orders = _bought(site, sandbox, options.events)
        load = os.getloadavg()[0]
        with step("Delivering them"):
            took = _burst(site, parcels, options.at_once)
        began = time.monotonic()
        with step("Waiting until all are processed"):
            books = _drained(site)
        row = _row(took, orders, books, options.at_once) | {"drained s": time.monotonic() - began, "load": load}
    show([row])
    if options.json:
        save(options.json, [row])
    return int(not _is_good(row, books, orders, options.events))


@contextmanager
def _sandbox() -> Iterator[str]:
    """The address of a sandbox in a process of its own, so that it takes no time from whoever delivers."""
    from tests import live_sandbox  # noqa: PLC0415  (needs the virtual environment)

    port = processes.free_port()
    with TemporaryDirectory() as folder:
        options = [f"--port={port}", f"--data={folder}/state.sqlite", f"--webhook-url={NOWHERE}"]
        command, env = [sys.executable, "-m", "payments.sandbox", *options], os.environ | live_sandbox.WEBHOOKS
        with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE) as process:  # noqa: S603
            if process.stdout is not None:
                process.stdout.readline()
            try:
                _ask(f"http://localhost:{port}", "faults", delay=LATER_SECONDS)
                yield f"http://localhost:{port}"
            finally:
                process.terminate()


def _ask(sandbox: str, what: str, **given: object) -> Any:
    """One of the sandbox's own controls."""
    with OPENER.open(f"{sandbox}/_sandbox/{what}", json.dumps(given).encode()) as answer:
        return json.loads(answer.read())


def _bought(site: LiveSite, sandbox: str, wanted: int) -> tuple[list[dict[str, str]], int]:
    """Webhooks of orders that were paid, and how many orders; a few more are begun, so that there are enough."""
    site.manage("shell", "--verbosity=0", "-c", ORDERS.format(count=-(-wanted // LEAST_AN_ORDER)))
    _ask(sandbox, "take", most=100 * wanted)
    parcels: list[dict[str, str]] = []
    orders = 0
    while len(parcels) < wanted:
        form = urllib.parse.urlencode({"card": VISA}).encode()
        with OPENER.open(_pay_page(site, orders), form):
            orders += 1
        parcels += _ask(sandbox, "take", most=wanted)
    return parcels[:wanted], orders


def _pay_page(site: LiveSite, number: int) -> str:
    """Where the order with this place in line is paid."""
    with _books(site) as books:
        words = "SELECT checkout_url FROM payments_order ORDER BY id OFFSET %s LIMIT 1"
        return str((books.execute(words, (number,)).fetchone() or {})["checkout_url"])


def _burst(site: LiveSite, parcels: Sequence[Mapping[str, str]], at_once: int) -> list[float]:
    """Milliseconds until each was acknowledged; every connection is new, as Stripe's are."""
    url = f"http://127.0.0.1:{site.port}/payments/webhooks/stripe"

    def deliver(parcel: Mapping[str, str]) -> float:
        headers = {"Stripe-Signature": parcel["signature"], "Content-Type": "application/json"}
        request, began = urllib.request.Request(url, parcel["body"].encode(), headers), time.perf_counter()
        with OPENER.open(request, timeout=30) as answer:
            answer.read()
        return (time.perf_counter() - began) * 1000

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(deliver, parcels))


def _drained(site: LiveSite) -> dict[str, int]:
    """The books once no event waits, or when the time is over."""
    deadline = time.monotonic() + DRAIN_SECONDS
    with _books(site) as books:
        while True:
            told: dict[str, int] = dict(books.execute(BOOKS).fetchone() or {})
            if not told["waiting"] or time.monotonic() > deadline:
                return told
            time.sleep(0.1)


@contextmanager
def _books(site: LiveSite) -> Iterator[Any]:
    import psycopg  # noqa: PLC0415  (needs the virtual environment)
    from psycopg.rows import dict_row  # noqa: PLC0415  (likewise)

    with psycopg.connect(site.database_url, autocommit=True, row_factory=dict_row) as connection:
        connection.execute("SELECT set_config('market.system', 'on', false)")
        yield connection


def _row(took: Sequence[float], orders: int, books: Mapping[str, int], at_once: int) -> dict[str, object]:
    cuts = quantiles(took, n=100)
    told = {"events": len(took), "orders": orders, "at once": at_once}
    return told | {"p50 ms": cuts[49], "p95 ms": cuts[94], "max ms": max(took), **books}


def _is_good(row: Mapping[str, Any], books: Mapping[str, int], orders: int, wanted: int) -> bool:
    """Fast enough; every event stored and processed, and every purchase known once (a cut last one may be late)."""
    once = {books["licences"], books["payments"], books["changes"]} == {books["licences"]}
    whole = books["stored"] == wanted and not books["waiting"] and orders - 1 <= books["licences"] <= orders
    if not (once and whole):
        say("Events were lost or worked twice.")
    if row["p95 ms"] >= P95_MOST_MS:
        say(f"Too slow: 95 of 100 are to be acknowledged within {P95_MOST_MS:.0f} ms.")
    return bool(once and whole and row["p95 ms"] < P95_MOST_MS)
