"""Pictures of every type of page, in both themes and widths: what `script/shots` makes."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tests.browser import chromium
from tests.browser.pages import PAGES
from tests.browser.window import THEMES, Window

if TYPE_CHECKING:
    from pathlib import Path

WIDTHS = (1280, 360)


def take(url: str, folder: Path, names: set[str]) -> int:
    """Write PAGE-THEME-WIDTH.png for the named pages (all without names); returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    made = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.chromium(), args=chromium.OPTIONS)
        window = Window(browser, url)
        for page, theme, width in product(PAGES, THEMES, WIDTHS):
            if names and page.name not in names:
                continue
            with window.opened(page.path, who=page.who, theme=theme, width=width) as seen:
                seen.page.wait_for_load_state("networkidle")
                seen.page.screenshot(path=folder / f"{page.name}-{theme}-{width}.png", full_page=True)
                made += 1
        browser.close()
    return made
