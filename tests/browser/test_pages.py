from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from tests.browser.pages import PAGES
from tests.browser.window import HEIGHT, THEMES, WIDTHS

if TYPE_CHECKING:
    from playwright.sync_api import Page as Chromium

    from tests.browser.pages import Page
    from tests.browser.window import Window

RUN = "() => axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})"


SEEN_WIDE = ("dark", WIDTHS[-1])  # its colours were looked at on the wide page, its layout in the light theme


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_accessible_fits_and_keeps_to_itself_in_both_themes(page: Page, window: Window, axe: str) -> None:
    with window.opened(page.path, who=page.who, width=WIDTHS[0]) as seen:
        seen.page.wait_for_load_state("networkidle")
        seen.page.evaluate(axe)
        for theme, width in product(THEMES, WIDTHS):
            seen.page.emulate_media(color_scheme=theme)
            seen.page.set_viewport_size({"width": width, "height": HEIGHT})
            wide = seen.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{page.name} {theme} {width}: {wide} wide"
            if (theme, width) != SEEN_WIDE:
                hits = _violations(seen.page)
                assert not hits, f"{page.name} {theme} {width}:\n" + "\n".join(hits)
        assert not seen.complaints
        assert not seen.strangers


def _violations(page: Chromium) -> list[str]:
    return [
        f"{hit['id']}: {node['target']} {node['html'][:160]}"
        for hit in page.evaluate(RUN)["violations"]
        for node in hit["nodes"]
    ]
