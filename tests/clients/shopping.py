"""Somebody who buys at a live site and pays in the sandbox, and the site's own word on what they hold."""

from __future__ import annotations

import json
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from payments.sandbox import disputes, portal, timeline
from tests.clients.inside import run_inside
from tests.clients.visitor import call

if TYPE_CHECKING:
    from payments.sandbox.server import Sandbox
    from tests.clients.visitor import Person
    from tests.live_site import LiveSite

VISA, FAILS_LATER = "4242424242424242", "4000000000000341"
SECONDS = 30
DAY = 24 * 3600
JSON = {"Content-Type": "application/json"}


def price(site: LiveSite, seller: Person, package: str, **terms: Any) -> str:
    """Sell the package at a price; its public id."""
    body = {"interval": "month", "amount": 500, "currency": "eur"} | terms
    return str(call(site, seller, f"/api/v1/packages/{package}/prices", json.dumps(body).encode(), **JSON)["id"])


ORGANIZATION = """
from marketplace.core import tenancy
from marketplace.domain.roles import Role
from marketplace.models import Membership, User
from marketplace.services.organizations import organization_create
from marketplace.services.viewers import viewer_of_user
with tenancy.bound(tenancy.SYSTEM):
    owner = User.objects.get(email={owner!r})
    made = organization_create(name={slug!r}, display_name="Halyard Freight", by=viewer_of_user(owner))
    Membership.objects.create(organization=made, user=User.objects.get(email={member!r}), role=Role.MEMBER)
    said = made.slug
"""


RECONCILE = """
from marketplace.core import tenancy
from payments.services.reconcile import reconcile
with tenancy.bound(tenancy.SYSTEM):
    said = len(list(reconcile()))
"""


def organization(site: LiveSite, owner: Person, member: Person) -> str:
    """An organization of these two; its name in addresses."""
    slug = f"halyard-{uuid4().hex[:8]}"
    return run_inside(site, ORGANIZATION.format(owner=owner.email, member=member.email, slug=slug))


@dataclass(frozen=True)
class Shopper:
    """One buyer of one package."""

    site: LiveSite
    sandbox: Sandbox
    who: Person
    package: str
    is_told: bool = True
    """Whether the site hears of what happens; else it compares its orders with the processor's."""

    def buy(self, price_id: str, *, card: str = VISA, state: str = "active", **said: Any) -> None:
        """Order, pay on the sandbox's page, and wait until the licence says it."""
        self.pay(price_id, card=card, **said)
        self.wait(state)

    def pay(self, price_id: str, *, card: str = VISA, **said: Any) -> None:
        """Order, and pay on the sandbox's page; the licence comes when the site hears of it."""
        order = self._call("/api/v1/orders", {"price": price_id} | said)
        form = urllib.parse.urlencode({"card": card}).encode()
        with urllib.request.build_opener(_Stay).open(order["checkout_url"], form) as answer:
            assert answer.status == 200

    def act(self, act: str, **said: Any) -> None:
        """What the payer does with the licence."""
        self._call(f"/api/v1/licences/{self.licence()['id']}", {"act": act} | said, "PATCH")

    def clock(self, days: float, state: str) -> None:
        """Let days go by at the processor, and wait for what comes of it."""
        with self.sandbox.world.store.transaction():
            timeline.move(self.sandbox.world, int(days * DAY))
        self.wait(state)

    def new_card(self, card: str = VISA, state: str = "active") -> None:
        """Use another card in the portal, which pays what is open."""
        customer = self._thing("customer", email=self.who.email)
        with self.sandbox.world.store.transaction():
            portal.card_change(self.sandbox.world, customer, card)
        self.wait(state)

    def dispute(self) -> dict[str, Any]:
        """The buyer's bank takes the newest payment back."""
        customer = self._thing("customer", email=self.who.email)
        with self.sandbox.world.store.transaction():
            opened = disputes.opened(self.sandbox.world, self._thing("charge", customer=customer["id"]))
        self.wait("suspended")
        return opened

    def decide(self, dispute: dict[str, Any], verdict: str, state: str) -> None:
        """The dispute is won or lost."""
        world = self.sandbox.world
        with world.store.transaction():
            disputes.closed(world, world.get(dispute["id"], "dispute"), verdict)
        self.wait(state)

    def give_by_hand(self) -> None:
        """Members take no seat by themselves."""
        self._call(f"/api/v1/licences/{self.licence()['id']}", {"act": "first_use", "gives": False}, "PATCH")

    def give(self, member: Person) -> str:
        """Give the member a seat; its id."""
        people = call(self.site, member, "/api/v1/me")
        return str(self._call(f"/api/v1/licences/{self.licence()['id']}/seats", {"person": people["id"]})["id"])

    def take(self, seat: str) -> None:
        """Take the seat back."""
        self._call(f"/api/v1/licences/{self.licence()['id']}/seats/{seat}", {}, "DELETE")

    def licence(self) -> dict[str, Any]:
        """The newest licence for the package, as the API shows it; empty before there is one."""
        found = call(self.site, self.who, "/api/v1/licences")["results"]
        return next((row for row in found if row["package"] == self.package), {})

    def wait(self, state: str) -> None:
        """Wait until the licence has this state."""
        if not self.is_told:
            run_inside(self.site, RECONCILE)
        deadline = time.monotonic() + SECONDS
        while self.licence().get("state") != state:
            assert time.monotonic() < deadline, f"{self.licence()} is not {state}"
            time.sleep(0.1)

    def _thing(self, kind: str, **equal: Any) -> dict[str, Any]:
        return self.sandbox.world.store.every(kind, **equal)[0]

    def _call(self, path: str, body: dict[str, Any], method: str = "POST") -> Any:
        return call(self.site, self.who, path, json.dumps(body).encode(), method=method, **JSON)


class _Stay(urllib.request.HTTPRedirectHandler):
    """Stays at the sandbox: what comes after is for the buyer's own browser."""

    def http_error_302(self, _request: Any, answer: Any, *_more: Any) -> Any:
        """The way back is not taken."""
        answer.status = answer.code = 200
        return answer
