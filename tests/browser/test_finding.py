"""From a question to an installed package, signed out, and on into an account: with scripts and without."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.live_site import LiveSite

PASSWORD = "correct horse battery"
NAMES = ("@kestrel/flake-hunter", "@kestrel/test-gap")


def line(page: Page) -> str:
    """The command for Claude Code on a package's page."""
    return " ".join((page.locator("#cmd-claude").text_content() or "").replace("\u200b", "").split())


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def sign_up(page: Page) -> None:
    """Make an account and be signed in."""
    page.goto("/accounts/signup/?next=/library")
    page.fill("input[name=email]", f"new-{secrets.token_hex(4)}@example.com")
    page.fill("input[name=password1]", PASSWORD)
    press(page, "Make the account")
    page.wait_for_selector(".avatar")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_find_compare_install_signed_out_and_claim(browser: Browser, demo_site: LiveSite, *, scripts: bool) -> None:
    context = browser.new_context(base_url=demo_site.url, java_script_enabled=scripts)
    page = context.new_page()
    page.goto("/")
    page.fill("#q", "tests")
    page.press("#q", "Enter")
    page.wait_for_url("**/search?q=tests")
    for name in NAMES:
        page.locator(f'input[name=p][value="{name}"]').check()
    press(page, "Compare")
    page.wait_for_url("**/compare?*")
    heads = page.locator("thead").inner_text()
    assert all(name.rpartition("/")[2] in heads for name in NAMES)

    page.get_by_role("main").get_by_role("link", name=re.compile("flake-hunter")).first.click()
    page.wait_for_url(f"**/{NAMES[0]}*")
    assert f"flake-hunter@{NAMES[0].split('/')[0][1:]}" in line(page)
    press(page, "Add to my library")
    visitor = line(page)
    assert "/git/i/" in visitor

    page.goto("/collections/before-you-merge")
    press(page, "Add all to my library")
    page.wait_for_url("**/library")
    rows = page.locator("li.result").count()
    assert rows == 5

    sign_up(page)
    page.goto("/library")
    assert page.locator("li.result").count() == rows
    assert page.get_by_text("Sign in to keep it").count() == 0
    page.goto(f"/{NAMES[0]}")
    assert "In your library" in page.locator("#install").inner_text()
    assert line(page) == visitor
    context.close()
