"""People of a live site who are signed in already: readers whose account is old enough, publishers, moderators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.browser.test_pages import RUN
from tests.clients.inside import run_inside

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

    from tests.live_site import LiveSite

DESK: ViewportSize = {"width": 1280, "height": 900}
TELEPHONE: ViewportSize = {"width": 360, "height": 700}
MAKE = """
from datetime import timedelta
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from marketplace.core import tenancy
from marketplace.models import User
from marketplace.services.tokens import token_create
from marketplace.services.viewers import viewer_of_user
from registry.services.publishers import publisher_create
with tenancy.bound(tenancy.SYSTEM):
    user = User.objects.create_user(
        {email!r}, "correct horse battery staple", display_name={name!r},
        date_joined=timezone.now() - timedelta(days=60), is_moderator={moderates!r}, is_staff={moderates!r},
        is_senior_moderator={senior!r},
    )
    if {moderates!r}:
        TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    if {publisher!r}:
        publisher_create(name={publisher!r}, by=viewer_of_user(user))
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    token = token_create(user=user, name="test", scopes=["publish", "read", "manage"])[1]
    said = f"{{session.session_key}} {{token}}"
"""


@dataclass
class Colleague:
    """Somebody at a browser of their own; `token` and `publisher` are theirs."""

    site: LiveSite
    page: Page
    axe: str
    email: str
    token: str
    publisher: str

    def at(self, path: str) -> None:
        """Open a page of the site."""
        self.page.goto(self.site.url + path)

    def press(self, name: str) -> None:
        """Press the button with this name and wait for what comes."""
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def look(self) -> None:
        """The page is accessible in both themes and fits a telephone."""
        self.page.evaluate(self.axe)
        for theme in ("light", "dark"):
            self.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            found = self.page.evaluate(RUN)["violations"]
            hits = [f"{hit['id']}: {node['html'][:140]}" for hit in found for node in hit["nodes"]]
            assert not hits, f"{self.page.url} {theme}: {hits}"
        self.page.set_viewport_size(TELEPHONE)
        assert self.page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"], self.page.url
        self.page.set_viewport_size(DESK)


def colleague(
    browser: Browser,
    site: LiveSite,
    axe: str,
    name: str,
    *,
    publisher: str = "",
    moderates: bool = False,
    senior: bool = False,
) -> Colleague:
    """A new account with a browser in which it is signed in."""
    email = f"{name.lower()}-{uuid4().hex[:8]}@example.com"
    facts = {"publisher": publisher, "moderates": moderates or senior, "senior": senior}
    key, token = run_inside(site, MAKE.format(email=email, name=name, **facts)).split()
    context = browser.new_context(viewport=DESK, base_url=site.url, reduced_motion="reduce")
    context.add_cookies([{"name": "sessionid", "value": key, "url": site.url}])
    return Colleague(site, context.new_page(), axe, email, token, publisher)
