from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.test_pages import RUN
from tests.browser.window import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

    from tests.live_site import LiveSite

DESK: ViewportSize = {"width": 1280, "height": 900}
TELEPHONE: ViewportSize = {"width": 320, "height": 700}
NAME = "@kestrel/flake-hunter"


def look(page: Page, axe: str) -> None:
    """The page is accessible in both themes and fits a telephone."""
    page.wait_for_load_state()
    page.evaluate(axe)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
        found = page.evaluate(RUN)["violations"]
        hits = [f"{hit['id']}: {node['html'][:140]}" for hit in found for node in hit["nodes"]]
        assert not hits, f"{page.url} {theme}: {hits}"
    page.set_viewport_size(TELEPHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    page.set_viewport_size(DESK)


def press(page: Page, name: str) -> None:
    """Press the button with this name, and wait for what comes."""
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def shown(page: Page) -> str:
    """The command of the client that is chosen, as it reads."""
    return " ".join(page.locator("#install .pane:visible pre").first.inner_text().split())


def key(page: Page) -> str:
    """The secret part of the address on the library's page."""
    return page.locator("#cmd-address").inner_text().rpartition("/git/i/")[2].replace("\n", "").removesuffix(".git")


def test_find_choose_a_client_keep_pin_remove_and_rotate(browser: Browser, demo_site: LiveSite, axe: str) -> None:
    context = browser.new_context(viewport=DESK, base_url=demo_site.url)
    page = context.new_page()
    page.goto("/")
    page.fill("#q", "flaky tests")
    page.press("#q", "Enter")
    page.locator("a.pkg", has_text="flake-hunter").first.click()
    page.wait_for_url(f"**/{NAME}*")

    assert "claude plugin install flake-hunter@kestrel" in shown(page)
    for client in ("Codex", "Gemini CLI", "skills", "opencode", "npm"):
        page.get_by_role("radio", name=client).check()
        assert "flake-hunter" in shown(page)
    page.reload()
    assert shown(page).endswith(f"npm install {NAME}@0.9.0")
    page.get_by_role("radio", name="Claude Code").check()
    page.get_by_text("Other ways").click()
    assert "claude --plugin-url" in page.locator("#cmd-claude-session").inner_text()
    look(page, axe)

    press(page, "Add to my library")
    page.get_by_text("In your library").wait_for()
    assert "/git/i/" in shown(page)
    sign_in(page, demo_site.url, "buyer")
    page.goto("/library")
    look(page, axe)
    row = page.locator("li.result", has_text="flake-hunter")
    row.locator("select").select_option("0.9.0")
    row.get_by_role("button", name="Set").click()
    page.get_by_text(f"{NAME} stays at 0.9.0.").wait_for()
    assert row.locator(".chip", has_text="pinned").count() == 1

    before = key(page)
    press(page, "Replace this address")
    assert key(page) != before
    press(page, "Show the commands")
    look(page, axe)
    assert page.locator("#cmd-npm").inner_text().count("_authToken=") == 1

    page.goto("/library")
    row.get_by_role("button", name="Remove").click()
    page.wait_for_load_state()
    assert row.count() == 0
    context.close()
