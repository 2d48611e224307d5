"""A shop for tests: the sandbox over HTTP, people, an organization, a package with prices, and webhooks by hand."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone

from marketplace.core import tenancy
from marketplace.domain.roles import Role
from marketplace.models import Membership, Organization, OutboxEntry, User
from marketplace.services.viewers import viewer_of_user
from marketplace.tasks import outbox_run
from payments.domain.money import Money
from payments.domain.prices import Interval, PriceTerms
from payments.models import Licence, Order
from payments.sandbox.server import Sandbox
from payments.services.orders import order_start
from payments.services.prices import price_create
from payments.services.syncing import MIRROR_JOB
from registry.models import Artifact, Package, Publisher, Version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from marketplace.domain.viewer import Viewer
    from payments.models import Price
    from payments.sandbox.store import Thing

WEBHOOK = "/payments/webhooks/stripe"
VISA, SECURE, DECLINED, POOR = "4242424242424242", "4000002760003184", "4000000000000002", "4000000000009995"
FAILS_LATER, DISPUTED = "4000000000000341", "4000000000000259"
DAY = 24 * 3600


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        """Redirects are answers here."""


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay)


@dataclass
class Shop:
    """One test's shop; `run_jobs` is the worker."""

    sandbox: Sandbox
    run_jobs: Callable[[], int]
    client: Client = field(default_factory=Client)
    seller: User = field(init=False)
    buyer: User = field(init=False)
    package: Package = field(init=False)

    def __post_init__(self) -> None:
        """A seller with a package, and somebody who may buy."""
        with tenancy.bound(tenancy.SYSTEM):
            self.seller, self.buyer = self.person("tess"), self.person("ben")
            publisher = Publisher.objects.create(name="tess", user=self.seller)
            self.package = self.listing("seed-data", publisher)

    def person(self, name: str) -> User:
        """A user."""
        with tenancy.bound(tenancy.SYSTEM):
            return User.objects.create_user(f"{name}@example.com", "password-1", display_name=name.title())

    def listing(self, name: str, publisher: Publisher) -> Package:
        """A package that is listed with a first version."""
        full_name = f"@{publisher.name}/{name}"
        package = Package.objects.create(publisher=publisher, name=name, full_name=full_name, kind="skill")
        source = Artifact.objects.create(sha256=full_name.encode().hex().ljust(64, "0")[:64], sha512="0", state="ready")
        package.latest = Version.objects.create(
            package=package,
            number="1.0.0",
            sort_key="1",
            state="published",
            published_at=timezone.now(),
            format="skill",
            digest="0" * 64,
            source=source,
            signature="0",
        )
        package.save()
        return package

    def viewer(self, user: User) -> Viewer:
        """The user as a viewer."""
        with tenancy.bound(tenancy.SYSTEM):
            return viewer_of_user(user)

    def organization(self, owner: User, *members: User, slug: str = "halyard") -> Organization:
        """An organization with an owner and members."""
        with tenancy.bound(tenancy.SYSTEM):
            made = Organization.objects.create(slug=slug, display_name="Halyard Freight")
            Membership.objects.create(organization=made, user=owner, role=Role.OWNER)
            for member in members:
                Membership.objects.create(organization=made, user=member, role=Role.MEMBER)
            return made

    def price(self, interval: str = "once", amount: int = 2900, **more: Any) -> Price:
        """A price of the package."""
        terms = PriceTerms(Interval(interval), Money(amount, "eur"), **more)
        with tenancy.bound(tenancy.SYSTEM):
            return price_create(package=self.package, terms=terms, by=self.viewer(self.seller))

    def order(self, price: Price, seats: int = 1, organization: Organization | None = None) -> Order:
        """An order of the buyer's, waiting at the processor."""
        with tenancy.bound(tenancy.SYSTEM):
            return order_start(price=price, seats=seats, organization=organization, by=self.viewer(self.buyer))

    def bought(self, price: Price, seats: int = 1, organization: Organization | None = None, **form: str) -> Licence:
        """An order that was paid and told: its licence."""
        order = self.order(price, seats, organization)
        self.pay(order.checkout_url, **({"card": VISA} | form))
        self.settle()
        return self.licence(order)

    def licence(self, order: Order) -> Licence:
        """The order's licence as it is now."""
        with tenancy.bound(tenancy.SYSTEM):
            return Licence.objects.select_related("package__publisher", "order__price", "organization").get(order=order)

    def fresh(self, licence: Licence) -> Licence:
        """The licence as it is now."""
        return self.licence(licence.order)

    def pay(self, url: str, **form: str) -> tuple[int, str]:
        """Post the pay page's (or the portal's) form; status and body, or where it leads."""
        try:
            with OPENER.open(url, urllib.parse.urlencode(form).encode()) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers.get("Location") or error.read().decode()

    def ask(self, path: str, **given: Any) -> Any:
        """One of the sandbox's own controls."""
        url = f"{self.sandbox.world.base_url}/_sandbox/{path}"
        with OPENER.open(url, json.dumps(given).encode()) as answer:
            return json.loads(answer.read())

    def clock(self, days: float) -> None:
        """Let days go by at the processor, and hear of what happened."""
        self.ask("clock", advance=int(days * DAY))
        self.settle()

    def every(self, kind: str, **equal: Any) -> list[Thing]:
        """The processor's objects of a kind, newest first."""
        return self.sandbox.world.store.every(kind, **equal)

    def deliver(self, parcel: dict[str, str]) -> int:
        """One webhook, as it was signed; the status of our answer."""
        headers = {"Stripe-Signature": parcel["signature"]}
        with tenancy.bound(tenancy.current.get()):  # the request forgets whose rows were shown before
            answer = self.client.generic("POST", WEBHOOK, parcel["body"], "application/json", headers=headers)
        return answer.status_code

    def settle(self) -> None:
        """Deliver everything in order and do the work it makes."""
        while parcels := self.ask("take"):
            for parcel in parcels:
                assert self.deliver(parcel) == 200
            self.work()
        self.work()

    def work(self) -> None:
        """Do the promised jobs, but for copies into the mirror, which no licence depends on."""
        done: set[str] = set()
        with tenancy.bound(tenancy.SYSTEM):
            waiting = OutboxEntry.objects.filter(given_up_at=None).exclude(job=MIRROR_JOB)
            while left := {str(row.public_id) for row in waiting.all()} - done:
                for public_id in sorted(left):
                    outbox_run(public_id)
                done |= left

    def customer_portal(self, licence: Licence) -> str:
        """The address of the payer's page at the processor."""
        from payments.services.orders import portal_address  # noqa: PLC0415  (few tests need it)

        with tenancy.bound(tenancy.SYSTEM):
            return portal_address(licence=licence, by=self.viewer(self.buyer))


@contextmanager
def sandbox_running() -> Iterator[Sandbox]:
    """A sandbox in memory on a free port; events wait until a test takes them."""
    sandbox = Sandbox(0, ":memory:", webhook_url="http://127.0.0.1:1/", webhook_secret=settings.STRIPE_WEBHOOK_SECRET)
    thread = Thread(target=sandbox.serve, kwargs={"delivers": False}, daemon=True)
    thread.start()
    changed = {"PAYMENTS": "direct", "PAYMENTS_SANDBOX": True, "STRIPE_API_HOST": sandbox.world.base_url}
    try:
        with override_settings(**changed):
            yield sandbox
    finally:
        sandbox.shutdown()
        thread.join()
