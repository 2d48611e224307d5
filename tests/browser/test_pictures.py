"""An icon and screenshots from the edit page to the listing, without scripts; then the page with them is looked at."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw

from tests.browser.test_library import DESK, look, press
from tests.browser.window import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FilePayload, Page

    from tests.live_site import LiveSite

NAME = "@kestrel/coverage-reader"


def file(width: int, height: int, colour: str) -> FilePayload:
    """A picture with a few lines on it."""
    drawn = Image.new("RGB", (width, height), colour)
    pen = ImageDraw.Draw(drawn)
    for at in range(20, height, 40):
        pen.rectangle((20, at, width - 20 - at % 170, at + 12), fill="white")
    written = io.BytesIO()
    drawn.save(written, "PNG")
    return {"name": "shot.png", "mimeType": "image/png", "buffer": written.getvalue()}


def add(page: Page, field: str, button: str, sent: FilePayload, alt: str = "") -> None:
    page.set_input_files(field, sent)
    if alt:
        page.fill("#shot-alt", alt)
    press(page, button)


@pytest.mark.long
def test_an_icon_and_screenshots_are_added_ordered_and_shown(browser: Browser, demo_site: LiveSite, axe: str) -> None:
    context = browser.new_context(viewport=DESK, base_url=demo_site.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, demo_site.url, "publisher")
    page.goto(f"/{NAME}/edit")
    add(page, "#icon-file", "Set the icon", file(400, 400, "navy"))
    add(page, "#shot-file", "Add the screenshot", file(1280, 800, "teal"), "The report of one file")
    add(page, "#shot-file", "Add the screenshot", file(900, 1400, "maroon"), "What to do about it")
    page.get_by_role("button", name="Up What to do about it").click()
    state = context.storage_state()
    context.close()

    context = browser.new_context(viewport=DESK, base_url=demo_site.url, storage_state=state)
    page = context.new_page()
    page.goto(f"/{NAME}/edit")
    look(page, axe)
    page.goto(f"/{NAME}")
    shown = page.locator(".gallery img")
    assert [shown.nth(at).get_attribute("alt") for at in range(2)] == ["What to do about it", "The report of one file"]
    assert shown.first.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0
    look(page, axe)
    context.close()
