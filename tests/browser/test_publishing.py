"""Publishing in Chromium, with scripts and without: drop, look, publish, settle who sees it."""

from __future__ import annotations

import io
import secrets
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_library import DESK, look, press
from tests.browser.window import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FilePayload

    from tests.live_site import LiveSite

SKILL = """---
name: {name}
description: Reads a plan before it runs. Use before a migration.
---

Read the plan first.
"""


def archive(name: str) -> FilePayload:
    """A zip of one skill."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as files:
        files.writestr("SKILL.md", SKILL.format(name=name))
    return {"name": "skill.zip", "mimeType": "application/zip", "buffer": packed.getvalue()}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_drop_look_publish_and_settle(*, scripts: bool, browser: Browser, demo_site: LiveSite, axe: str) -> None:
    name = f"plan-{secrets.token_hex(3)}"
    context = browser.new_context(viewport=DESK, base_url=demo_site.url, java_script_enabled=scripts)
    complaints: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, demo_site.url, "publisher")

    def seen() -> None:
        if scripts:
            look(page, axe)

    page.goto("/publish")
    page.set_input_files("#files", archive(name))
    press(page, "Read it")
    page.wait_for_url("**/publish/*-*")
    assert page.get_by_text(name, exact=True).count() == 1
    seen()
    page.select_option("#id_publisher", "kestrel")
    press(page, "Publish the selected")
    demo_site.wait_until_idle()
    page.reload()
    assert page.get_by_text("Published").count() == 1
    seen()

    page.goto(f"/@kestrel/{name}")
    page.get_by_role("link", name="Manage").click()
    page.get_by_role("link", name="Access and tags").click()
    page.get_by_role("radio", name="Private").check()
    press(page, "Set visibility")
    seen()
    stranger = browser.new_context(base_url=demo_site.url)
    assert stranger.request.get(f"/@kestrel/{name}").status == 404
    page.get_by_role("radio", name="Public").check()
    press(page, "Set visibility")
    assert stranger.request.get(f"/@kestrel/{name}").status == 200
    page.fill("input[name=email]", "buyer@demo.example")
    press(page, "Add maintainer")
    page.get_by_text("Odile Marsh").first.wait_for()

    page.get_by_role("link", name="Versions").first.click()
    page.get_by_text("Change").first.click()
    page.fill("input[name=reason]", "Use plan-two.")
    press(page, "Deprecate")
    assert page.get_by_text("deprecated", exact=True).count() == 1
    assert complaints == []
    stranger.close()
    context.close()
