"""Pages as somebody sees them: in a theme and a width, signed in or not; what goes wrong in them is collected."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from tests.browser.pages import PASSWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

HEIGHT = 900
THEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
WIDTHS = (1280, 320)


@dataclass
class Seen:
    """One open page with what it complained about and whom it asked."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


@dataclass
class Window:
    """A browser on one site; people sign in once and are remembered."""

    browser: Browser
    url: str
    states: dict[str, Any] = field(default_factory=dict)

    def state(self, who: str) -> Any:
        """The cookies of a demo person; None for nobody."""
        if who and who not in self.states:
            context = self.browser.new_context()
            sign_in(context.new_page(), self.url, who)
            self.states[who] = context.storage_state()
            context.close()
        return self.states.get(who)

    @contextmanager
    def opened(
        self, path: str, *, who: str = "", theme: str = "light", width: int = 1280, scripts: bool = True
    ) -> Iterator[Seen]:
        """The page at `path`, closed after the block."""
        context = self.browser.new_context(
            viewport={"width": width, "height": HEIGHT},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
            java_script_enabled=scripts,
            storage_state=self.state(who),
            base_url=self.url,
        )
        try:
            seen = Seen(context.new_page())
            seen.page.on("console", lambda said: self._hear(seen, said.type, said.text))
            seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
            seen.page.on("request", lambda asked: self._note(seen, asked.url))
            seen.page.goto(path)
            yield seen
        finally:
            context.close()

    def _hear(self, seen: Seen, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and "status of 404" not in text:
            seen.complaints.append(text)

    def _note(self, seen: Seen, address: str) -> None:
        if not address.startswith((self.url, "data:", "blob:")):
            seen.strangers.append(address)


def sign_in(page: Page, url: str, who: str) -> None:
    """Sign in as a demo person."""
    email, password = PASSWORDS[who]
    page.goto(f"{url}/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_selector(".avatar")
