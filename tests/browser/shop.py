"""A shop on the live site for somebody at a browser: sellers, buyers, the sandbox, and the site's own word."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from payments.sandbox import disputes, timeline
from tests.browser.test_pages import RUN
from tests.clients import packages
from tests.clients.shopping import organization, price
from tests.clients.visitor import PASSWORD, person, publish

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from payments.sandbox.server import Sandbox
    from tests.clients.visitor import Person
    from tests.live_site import LiveSite

DAY = 24 * 3600
SECONDS = 30
CARDS = {
    "pays": "4242424242424242",
    "asks": "4000002760003184",
    "is declined": "4000000000000002",
    "fails later": "4000000000000341",
}
THEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")


@dataclass
class Market:
    """A live site, its sandbox, and a seller with a package of their own."""

    site: LiveSite
    sandbox: Sandbox
    seller: Person
    package: str = ""

    def list_package(self, name: str) -> None:
        """Publish a package that prices can be set on."""
        self.package = publish(self.site, self.seller, packages.skill(name)).rpartition("@")[0]

    def sell(self, **terms: Any) -> str:
        """Set a price; its id."""
        return price(self.site, self.seller, self.package, **terms)

    def clock(self, days: float) -> None:
        """Let days go by at the processor."""
        with self.sandbox.world.store.transaction():
            timeline.move(self.sandbox.world, int(days * DAY))

    def dispute(self, email: str) -> dict[str, Any]:
        """The buyer's bank takes the newest payment back."""
        world = self.sandbox.world
        customer = world.store.every("customer", email=email)[0]
        with world.store.transaction():
            return disputes.opened(world, world.store.every("charge", customer=customer["id"])[0])

    def decide(self, dispute: dict[str, Any], verdict: str) -> None:
        """The dispute is won or lost."""
        world = self.sandbox.world
        with world.store.transaction():
            disputes.closed(world, world.get(dispute["id"], "dispute"), verdict)


@dataclass
class Shopper:
    """Somebody signed in at a browser, who looks at each kind of page once in both themes and on a telephone."""

    browser: Browser
    market: Market
    axe: str
    who: Person
    seen: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    context: BrowserContext = field(init=False)
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        """Sign in."""
        self.context = self.browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        self.page = self.context.new_page()
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{self.market.site.url}/accounts/login/")
        self.page.fill("input[name=login]", self.who.email)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_selector(".avatar")

    @property
    def says(self) -> str:
        """The words on the page, in one line."""
        return " ".join(self.page.inner_text("main").split())

    def at(self, path: str, kind: str = "") -> None:
        """Open a page of the site; look at it closely when it is the first of its kind."""
        self.page.goto(self.market.site.url + path)
        self.look(kind)

    def press(self, name: str, kind: str = "", *, exact: bool = True) -> None:
        """Press the button with this name and look at what comes."""
        self.page.get_by_role("main").get_by_role("button", name=name, exact=exact).first.click()
        self.page.wait_for_load_state()
        self.look(kind)

    def look(self, kind: str) -> None:
        """The page is accessible in both themes and fits a telephone; once for each kind."""
        if not kind or kind in self.seen:
            return
        self.seen.add(kind)
        for theme in THEMES:
            self.page.emulate_media(color_scheme=theme)
            for width in (1280, 320):
                self.page.set_viewport_size({"width": width, "height": 900})
                assert self.page.evaluate("document.documentElement.scrollWidth") <= width, f"{kind} {theme} {width}"
                self._shoot(f"{kind}-{theme}-{width}")
            self.page.evaluate(self.axe)
            found = self.page.evaluate(RUN)["violations"]
            assert not found, f"{kind} {theme}: {[(hit['id'], hit['nodes'][0]['html'][:160]) for hit in found]}"
            self.page.set_viewport_size({"width": 1280, "height": 900})
        self.page.emulate_media(color_scheme="light")

    def _shoot(self, name: str) -> None:
        """Keep a picture where SHOTS names a folder."""
        if os.environ.get("SHOTS"):
            self.page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)

    def order(self, act: str = "Go on to pay", *, kind: str = "order", **choice: str) -> None:
        """From the package's order page to the processor's page."""
        query = "&".join(f"{name}={value}" for name, value in choice.items())
        self.at(f"/{self.market.package}/buy?{query}", kind)
        self.press(act, "pay", exact=False)

    def pay(self, card: str = "pays", *, code: str = "", act: str = "") -> None:
        """Choose a test card on the pay page and pay."""
        self.page.check(f"input[name=card][value='{CARDS[card]}']")
        if code:
            self.page.fill("input[name=code]", code)
        if act:
            self.page.get_by_role("button", name=act).click()
        else:
            self.page.locator("button[name=act][value=pay]").click()
        self.page.wait_for_load_state()

    def until(self, words: str, path: str = "") -> None:
        """Reload (or open `path`) until the page says this."""
        deadline = time.monotonic() + SECONDS
        if path:
            self.at(path)
        while words not in self.says:
            assert time.monotonic() < deadline, f"{self.page.url} does not say {words!r}: {self.says}"
            time.sleep(0.2)
            self.page.reload()

    def licence(self) -> str:
        """The path of the newest licence's page."""
        self.at("/licences", "licences")
        link = self.page.get_by_role("main").get_by_role("table").get_by_role("link").nth(1)
        return str(link.get_attribute("href"))

    def close(self) -> None:
        """Nothing was complained about on the way."""
        assert self.complaints == []
        self.context.close()


__all__ = ["CARDS", "Market", "Shopper", "organization", "person"]
