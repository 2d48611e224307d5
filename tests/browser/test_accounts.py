from __future__ import annotations

import json
import re
import secrets
import urllib.request
from typing import TYPE_CHECKING, Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from tests.browser.test_pages import RUN

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

    from tests.live_site import LiveSite

PASSWORD = "correct horse battery"
DESK: ViewportSize = {"width": 1280, "height": 900}
TELEPHONE: ViewportSize = {"width": 320, "height": 700}
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Person:
    """Somebody at a browser who looks at each page twice: with axe, and on a telephone."""

    def __init__(self, page: Page, site: LiveSite, axe: str) -> None:
        self.page, self.site, self.axe = page, site, axe
        self.email = f"new-{secrets.token_hex(4)}@example.com"

    def at(self, path: str) -> None:
        """Open a page of the site."""
        self.page.goto(self.site.url + path)
        self.look()

    def look(self) -> None:
        """The page is accessible and fits the telephone."""
        self.page.evaluate(self.axe)
        hits = [f"{hit['id']}: {node['html'][:120]}" for hit in self._violations() for node in hit["nodes"]]
        assert not hits, f"{self.page.url}: {hits}"
        self.page.set_viewport_size(TELEPHONE)
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 320, self.page.url
        self.page.set_viewport_size(DESK)

    def press(self, name: str) -> None:
        """Press the button with this name and look at what comes."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()
        self.look()

    def _violations(self) -> Any:
        return self.page.evaluate(RUN)["violations"]

    def sign_out(self) -> None:
        self.at("/accounts/logout/")
        self.page.get_by_role("main").get_by_role("button", name="Sign out").click()
        self.page.wait_for_load_state()
        assert self.page.locator(".avatar").count() == 0

    def letter(self) -> str:
        """The path of the one link in the last letter."""
        self.site.wait_until_idle()
        letters = sorted((self.site.data_dir / "mail").iterdir(), key=lambda path: path.stat().st_mtime)
        mine = [text for text in (path.read_text() for path in letters) if self.email in text]
        (link,) = re.findall(rf"{re.escape(self.site.url)}(/\S+)", mine[-1])
        return str(link)


def sign_up_and_in(someone: Person) -> None:
    page = someone.page
    someone.at("/accounts/signup/")
    page.fill("input[name=email]", someone.email)
    page.fill("input[name=password1]", PASSWORD)
    someone.press("Make the account")
    page.wait_for_selector(".avatar")
    someone.at(someone.letter())
    someone.press("Yes, it is mine")
    someone.at("/accounts/email/")
    assert page.get_by_text("primary, confirmed").count() == 1
    someone.sign_out()

    someone.at("/accounts/login/")
    page.fill("input[name=login]", someone.email)
    page.fill("input[name=password]", PASSWORD)
    someone.press("Sign in")
    page.wait_for_selector(".avatar")


def add_two_factors(someone: Person) -> None:
    page, context = someone.page, someone.page.context
    someone.at("/accounts/2fa/totp/activate/")
    secret = page.input_value("#authenticator_secret")
    page.fill("input[name=code]", format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))
    someone.press("Turn it on")
    someone.at("/accounts/2fa/recovery-codes/")
    assert page.locator(".codes li").count() == 10

    wires = context.new_cdp_session(page)
    wires.send("WebAuthn.enable")
    wires.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    someone.at("/accounts/2fa/webauthn/add/")
    page.fill("input[name=name]", "My laptop")
    page.click("#mfa_webauthn_add")
    page.get_by_text("The passkey is in use.").wait_for()
    someone.at("/accounts/2fa/webauthn/")
    assert page.get_by_text("My laptop").count() >= 1
    someone.sign_out()

    someone.at("/accounts/login/")
    page.click("#passkey_login")
    page.wait_for_selector(".avatar")


def make_token_and_organization(someone: Person) -> None:
    page = someone.page
    someone.at("/account/tokens")
    page.fill("input[name=name]", "release")
    someone.press("Make the token")
    made = page.inner_text("#new-token").strip()
    asked = urllib.request.Request(f"{someone.site.url}/api/v1/me", headers={"Authorization": f"Bearer {made}"})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        assert json.load(answer)["email"] == someone.email
    someone.at("/account/tokens")
    assert made not in page.content()

    someone.at("/account/organizations")
    page.fill("input[name=name]", f"guild-{secrets.token_hex(3)}")
    page.fill("input[name=display_name]", "The Guild")
    someone.press("Make the organization")
    assert page.inner_text("main h1") == "The Guild"


def test_sign_up_confirm_two_factors_token_organization_and_sign_out(
    browser: Browser, live_site: LiveSite, axe: str
) -> None:
    context = browser.new_context(viewport=DESK)
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    someone = Person(page, live_site, axe)
    sign_up_and_in(someone)
    add_two_factors(someone)
    make_token_and_organization(someone)
    someone.at("/accounts/sessions/")
    someone.sign_out()
    assert complaints == []
    context.close()
