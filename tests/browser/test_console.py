"""A publisher's way in Chromium: upload, draft, preview, publish, edit the listing; then somebody follows."""

from __future__ import annotations

import io
import secrets
import zipfile
from typing import TYPE_CHECKING

from tests.browser.test_library import DESK, look, press
from tests.browser.test_publishing import SKILL

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload

    from tests.browser.window import Window
    from tests.live_site import LiveSite

README = "# Plan reader\n\nSee [the notes](docs/notes.md) and ![a plan](docs/plan.png).\n"


def archive(name: str) -> FilePayload:
    """A zip of a skill with a README."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as files:
        files.writestr("SKILL.md", SKILL.format(name=name))
        files.writestr("README.md", README)
        files.writestr("docs/notes.md", "Notes.\n")
    return {"name": "skill.zip", "mimeType": "application/zip", "buffer": packed.getvalue()}


def follow(window: Window, name: str) -> None:
    """Somebody else follows the package."""
    reader = window.browser.new_context(viewport=DESK, base_url=window.url, storage_state=window.state("buyer"))
    page = reader.new_page()
    page.goto(f"/{name}")
    press(page, "Follow")
    assert page.get_by_text(f"You follow {name}").count() == 1
    page.goto("/following")
    assert page.get_by_role("link", name=name).count() == 1
    reader.close()


def test_draft_preview_publish_edit_and_follow(window: Window, demo_site: LiveSite, axe: str) -> None:
    name = f"plan-{secrets.token_hex(3)}"
    state = window.state("publisher")
    context = window.browser.new_context(viewport=DESK, base_url=window.url, storage_state=state)
    complaints: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/publish")
    page.set_input_files("#files", archive(name))
    press(page, "Read it")
    page.wait_for_url("**/publish/*-*")

    page.goto("/console")
    page.get_by_role("link", name="Preview and publish").first.click()
    page.get_by_role("link", name=f"Preview {name}").click()
    page.get_by_role("heading", name="Plan reader").wait_for()
    assert page.get_by_text("A preview: nothing is published.").count() == 1
    assert page.get_by_role("link", name="the notes").get_attribute("href") == "#file-docs/notes.md"
    assert page.locator("main .prose img").count() == 0
    look(page, axe)
    page.get_by_role("link", name="Back to the draft").click()
    page.select_option("#id_publisher", "kestrel")
    press(page, "Publish the selected")
    demo_site.wait_until_idle()

    page.goto("/console")
    row = page.get_by_role("row", name=name)
    assert row.get_by_text("Published").count() == 1
    row.get_by_role("link", name="Edit").click()
    page.fill("#id_tags", "plans, terraform")
    page.fill("#id_support_url", "https://help.example/plans")
    page.fill("#id_security_contact", "security@plans.example")
    page.get_by_role("checkbox", name="Claude Code").check()
    press(page, "Save")
    page.wait_for_url(f"**/@kestrel/{name}")
    for said in ("security@plans.example", "Tried with", "help.example/plans"):
        assert page.get_by_text(said).count() >= 1
    page.get_by_role("link", name="Manage").click()
    page.get_by_role("link", name="Checks").click()
    page.get_by_role("heading", name="Versions, their state and what was found").wait_for()
    look(page, axe)
    page.get_by_role("link", name="Numbers").click()
    page.get_by_role("link", name="Installs", exact=True).first.click()
    page.get_by_role("img", name="Installs of 30 days: 0; 0 in as many days before.").wait_for()
    assert complaints == []
    context.close()
    follow(window, f"@kestrel/{name}")
