"""What real clients get, and what they are told, as a buyer goes through the life of a licence."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from payments.sandbox.ledger import sums
from tests.clients import packages
from tests.clients.shopping import FAILS_LATER, Shopper, organization, price
from tests.clients.visitor import ask, choose, person, publish

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from payments.sandbox.server import Sandbox
    from tests.clients.machine import Machine
    from tests.clients.tls import Tls
    from tests.clients.visitor import Person
    from tests.live_site import LiveSite

pytestmark = [pytest.mark.clients, pytest.mark.needs("node", "npm-12", "pnpm-12", "claude")]
MARKET = "agent-marketplace"
HUNG = 124
"""What `timeout` says of a client that did not come to an end."""


class Desk:
    """A buyer's machine with npm, pnpm and Claude Code, each of which fetches the package anew."""

    def __init__(self, machine: Machine, shopper: Shopper) -> None:
        self.machine, self.shopper, self.site = machine, shopper, shopper.site
        self.page = f"{self.site.url}/{shopper.package}"
        self.key = choose(self.site, shopper.who, shopper.package)
        self.name = shopper.package.rpartition("/")[2]
        self.numbers = count()
        self.token(shopper.who.token)

    def token(self, secret: str) -> None:
        """Fetch with this token from now on; none with an empty one."""
        lines = [f"registry={self.site.url}/npm/", "audit=false", "update-notifier=false"]
        if secret:
            lines.append(f"//localhost:{self.site.port}/npm/:_authToken={secret}")
        (self.machine.home / ".npmrc").write_text("\n".join(lines) + "\n")

    def fetch(self, client: str) -> tuple[bool, str]:
        """Install into a fresh folder with a fresh cache: whether the bytes are there, and what was printed."""
        number = next(self.numbers)
        folder = self.machine.project / str(number)
        folder.mkdir()
        (folder / "package.json").write_text("{}")
        cache = self.machine.root / f"cache-{number}"
        verb = f"npm-12 install --cache={cache}" if client == "npm" else f"pnpm-12 add --store-dir={cache}"
        line = f"cd {folder} && timeout 30 {verb} {self.shopper.package}"
        done = self.machine.line(line, check=False)
        assert done.returncode != HUNG, done.stdout + done.stderr
        has = (folder / "node_modules" / self.shopper.package / "package.json").exists()
        assert has == (done.returncode == 0), done.stdout + done.stderr
        return has, done.stdout + done.stderr

    def claude(self) -> tuple[bool, str]:
        """The same for the personal address and a Claude Code that was never here before."""
        home: Path = self.machine.root / f"home-{next(self.numbers)}"
        home.mkdir()
        url = f"{self.site.url}/git/i/{self.key}.git"
        line = f"claude plugin marketplace add {url} && claude plugin install {self.name}@{MARKET}"
        done = self.machine.line(line, check=False, HOME=str(home))
        has = bool(list((home / ".claude" / "plugins" / "cache").glob(f"{MARKET}/{self.name}/*/")))
        assert has == (done.returncode == 0), done.stdout + done.stderr
        return has, done.stdout + done.stderr

    def _tried(self) -> list[tuple[bool, str]]:
        """npm, pnpm and Claude Code at once."""
        acts = [lambda: self.fetch("npm"), lambda: self.fetch("pnpm"), self.claude]
        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(lambda act: act(), acts))

    def gets(self) -> None:
        """Every client gets the bytes."""
        for has, said in self._tried():
            assert has, said

    def refused(self, words: str, status: int = 403) -> None:
        """No client gets them: npm shows our sentence with the page's address, pnpm the status (it shows no more)."""
        npm, pnpm, claude = self._tried()
        assert [npm[0], pnpm[0], claude[0]] == [False] * 3, npm[1] + pnpm[1] + claude[1]
        assert f"{status}" in npm[1]
        assert f"{self.page} " in npm[1]
        assert words in npm[1]
        assert f"HTTP {status} for" in pnpm[1]
        assert f'Plugin "{self.name}" not found in marketplace' in claude[1]


@pytest.fixture
def seller(live_site: LiveSite, publisher: Person) -> tuple[Person, str]:
    """A publisher with a package that everybody may have."""
    return publisher, publish(live_site, publisher, packages.skill("tide-tables")).rpartition("@")[0]


@pytest.fixture
def desk(
    live_site: LiveSite, sandbox: Sandbox, seller: tuple[Person, str], machine: Machine,
    new_person: Callable[[], Person],
) -> Desk:  # fmt: skip
    """A new buyer's machine."""
    return Desk(machine, Shopper(live_site, sandbox, new_person(), seller[1]))


def test_bought_once_then_given_back(desk: Desk, seller: tuple[Person, str]) -> None:
    asked = price(desk.site, *seller, interval="once", amount=2900)
    desk.refused("this account has no licence")
    desk.shopper.buy(asked)
    desk.gets()
    desk.shopper.act("refund", reason="not for us")
    desk.refused("was revoked")


@pytest.mark.long
def test_failed_renewal_then_suspended_then_paid_after_all(desk: Desk, seller: tuple[Person, str]) -> None:
    desk.shopper.buy(price(desk.site, *seller), card=FAILS_LATER)
    desk.shopper.clock(32, "grace")
    desk.gets()
    desk.shopper.clock(8, "suspended")
    desk.refused("because a payment failed")
    desk.shopper.new_card()
    desk.gets()


@pytest.mark.long
def test_trial_that_lapses(desk: Desk, seller: tuple[Person, str]) -> None:
    asked = price(desk.site, *seller, trial_days=14, trial_needs_card=False)
    desk.shopper.buy(asked, card="", state="trial")
    desk.gets()
    desk.shopper.clock(15, "ended")
    desk.refused("has ended")


@pytest.mark.long
def test_seat_that_is_taken_and_given_up(desk: Desk, seller: tuple[Person, str]) -> None:
    asked = price(desk.site, *seller, is_per_seat=True, amount=300)
    member, owner = desk.shopper.who, person(desk.site)
    slug = organization(desk.site, owner, member)
    bought = Shopper(desk.site, desk.shopper.sandbox, owner, desk.shopper.package)
    bought.buy(asked, organization=slug, seats=1)
    bought.give_by_hand()
    desk.refused("Every seat")
    seat = bought.give(member)
    desk.gets()
    bought.take(seat)
    desk.refused("Every seat")


@pytest.mark.long
def test_trial_that_becomes_a_subscription_and_ends_with_what_is_paid(desk: Desk, seller: tuple[Person, str]) -> None:
    desk.shopper.buy(price(desk.site, *seller, trial_days=14), state="trial")
    desk.shopper.clock(15, "active")
    desk.gets()
    desk.shopper.act("end")
    desk.gets()
    desk.shopper.clock(32, "ended")
    desk.refused("has ended")


@pytest.mark.long
@pytest.mark.parametrize(("verdict", "state"), [("won", "active"), ("lost", "revoked")])
def test_dispute_that_is_decided(desk: Desk, seller: tuple[Person, str], verdict: str, state: str) -> None:
    desk.shopper.buy(price(desk.site, *seller))
    dispute = desk.shopper.dispute()
    desk.refused("is disputed")
    desk.shopper.decide(dispute, verdict, state)
    if verdict == "won":
        desk.gets()
    else:
        desk.refused("was revoked")


def test_archive_from_the_personal_document(https_site: tuple[LiveSite, Tls], sandbox: Sandbox, away: Machine) -> None:
    site = https_site[0]
    by = person(site, f"tides-{uuid4().hex[:6]}")
    package = publish(site, by, packages.skill("tide-tables")).rpartition("@")[0]
    asked = price(site, by, package, interval="once")
    shopper = Shopper(site, sandbox, person(site), package, is_told=False)
    path = f"/claude/i/{choose(site, shopper.who, package)}/marketplace.json"
    install = ("claude", "plugin", "install", "tide-tables", "--marketplace", site.url + path)

    def again() -> tuple[int, str]:
        line = f"claude plugin marketplace update {MARKET} && claude plugin install tide-tables@{MARKET}"
        done = away.line(line, check=False)
        return done.returncode, done.stdout + done.stderr

    refused = away.run(*install, check=False)
    assert refused.returncode != 0
    assert "not found" in refused.stdout + refused.stderr
    shopper.buy(asked)
    assert again()[0] == 0
    (entry,) = json.loads(ask(site, path)[1])["plugins"]
    address = entry["source"]["url"].removeprefix(site.url)
    assert ask(site, address, **entry.get("headers", {}))[0] == 200
    assert ask(site, address.replace(path.split("/")[3], "x" * 20))[0] in {401, 404}

    shopper.act("refund", reason="not for us")

    status, said = ask(site, address, **entry.get("headers", {}))
    assert (status, json.loads(said)["error"].split()[0]) == (403, f"{site.url}/{package}")
    assert json.loads(ask(site, path)[1])["plugins"] == []
    away.run("claude", "plugin", "uninstall", f"tide-tables@{MARKET}")
    code, told = again()
    assert code != 0
    assert "not found" in told


def test_nobody_in_particular_is_asked_to_sign_in(desk: Desk, seller: tuple[Person, str]) -> None:
    price(desk.site, *seller)
    desk.token("")
    desk.refused("is paid", status=401)


def test_shared_addresses_lose_what_is_sold_at_once(desk: Desk, seller: tuple[Person, str]) -> None:
    by, package = seller
    site, free = desk.site, publish(desk.site, by, packages.skill("free")).rpartition("@")[0]
    name = package.removeprefix("@")
    shared = ("/claude/marketplace.json", f"/claude/{by.publisher}/marketplace.json")
    folder = f"/{package}/.well-known/agent-skills/index.json"
    site.wait_until_idle()

    def told(path: str) -> str:
        return ask(site, path)[1].decode()

    def cloned(address: str) -> tuple[int, str]:
        goal = desk.machine.project / f"clone-{next(desk.numbers)}"
        done = desk.machine.run("git", "clone", "--quiet", f"{site.url}/git/{address}.git", str(goal), check=False)
        inside = goal / ".claude-plugin" / "marketplace.json"
        return done.returncode, inside.read_text() if inside.exists() else done.stderr

    assert all(f"{by.publisher}.tide-tables" in told(path) for path in shared)
    assert "tide-tables" in cloned(by.publisher)[1]
    assert ask(site, folder)[0] == 200
    (address,) = {row["url"].removeprefix(site.url) for row in json.loads(told(folder))["skills"]}
    assert ask(site, address)[0] == 200

    price(site, by, package)

    site.wait_until_idle()
    assert all("tide-tables" not in told(path) and free.rpartition("/")[2] in told(path) for path in shared)
    assert "tide-tables" not in cloned(by.publisher)[1]
    status, said = cloned(name)
    assert status != 0
    assert desk.page in said
    assert ask(site, folder)[0] in {401, 404}
    assert ask(site, address)[0] == 401


def test_worker_and_web_killed_while_somebody_buys_leave_nothing_to_mend(
    live_site: LiveSite, sandbox: Sandbox, seller: tuple[Person, str], new_person: Callable[[], Person]
) -> None:
    asked, shopper = price(live_site, *seller), Shopper(live_site, sandbox, new_person(), seller[1])
    live_site.kill("worker")
    shopper.pay(asked)
    live_site.kill("web")
    live_site.start("web")
    live_site.start("worker")
    live_site.wait_until_ready()
    shopper.wait("active")

    assert f"{shopper.licence()['number']}:" not in live_site.manage("payments_reconcile", check=False).stdout
    assert all(held["total"] == 0 for held in sums(sandbox.world.store).values())
