"""VS Code's gallery of MCP servers, in the editor itself (code-server): it lists and installs from this site."""

from __future__ import annotations

import json
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from house import processes
from tests.clients import install, packages
from tests.clients.pins import PINS
from tests.clients.visitor import person, publish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.live_site import LiveSite

SECONDS = 60
OPTIONS = ("--auth=none", "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust")


@contextmanager
def editor(home: Path, gallery: str) -> Iterator[str]:
    """The editor with an empty folder, which asks `gallery`; its address."""
    data, folder, port = home / "data", home / "work", processes.free_port()
    (data / "User").mkdir(parents=True)
    folder.mkdir()
    told = {"chat.mcp.gallery.serviceUrl": gallery, "workbench.startupEditor": "none"}
    (data / "User/settings.json").write_text(json.dumps(told))
    call = [*install.command("code-server"), *OPTIONS, f"--bind-addr=127.0.0.1:{port}", f"--user-data-dir={data}"]
    call += [f"--extensions-dir={home / 'extensions'}", str(folder)]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(call, env={"HOME": str(home)}, stdout=log, stderr=subprocess.STDOUT)
        try:
            deadline = time.monotonic() + SECONDS
            while b"HTTP server listening" not in (home / "log").read_bytes():
                assert process.poll() is None, (home / "log").read_text()
                assert time.monotonic() < deadline, (home / "log").read_text()
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/?folder={folder}"
        finally:
            process.terminate()
            process.wait(SECONDS)


@pytest.mark.long
def test_editor_lists_and_installs_a_server_from_its_gallery(
    browser: Browser, live_site: LiveSite, tmp_path: Path
) -> None:
    for name in ("node-24", "code-server"):
        try:
            install.install(PINS[name])
        except install.CannotInstall as missing:
            pytest.skip(str(missing))
    publish(live_site, person(live_site, "acme-editor"), packages.server("barometer"))
    live_site.wait_until_idle()
    with editor(tmp_path, live_site.url) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(SECONDS * 1000)
        page.goto(address)
        page.locator(".monaco-workbench .part.activitybar").wait_for()
        page.keyboard.press("Control+Shift+X")
        search = page.locator(".extensions-viewlet .suggest-input-container")
        search.click()
        page.keyboard.type("@mcp barometer")
        row = page.locator(".extensions-viewlet .monaco-list-row", has_text="Barometer")
        row.click()
        expect(page.get_by_text("https://mcp.example.com/barometer")).to_be_visible()
        page.get_by_role("button", name="Install in Workspace").first.click()
        expect(page.get_by_role("button", name="Uninstall").first).to_be_visible()
        page.close()
        (server,) = json.loads((tmp_path / "work/.vscode/mcp.json").read_text())["servers"].items()
    assert server[0].endswith("acme-editor/barometer")
    assert server[1] == {
        "type": "http",
        "url": "https://mcp.example.com/barometer",
        "gallery": live_site.url,
        "version": "1.0.0",
    }
