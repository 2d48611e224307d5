"""Lines of install boxes that no other test runs, as somebody would copy them; `LINES` says which test runs which."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.clients import packages
from tests.clients.visitor import Visitor, call, person, publish

if TYPE_CHECKING:
    from tests.clients.machine import Machine
    from tests.clients.visitor import Person
    from tests.live_site import LiveSite

pytestmark = pytest.mark.clients
JSON = {"Content-Type": "application/json"}
LINES = {
    "package claude": "tests.clients.test_claude_git:test_public_line_of_a_publisher_needs_no_library",
    "package claude-session": "tests.clients.test_claude_git:"
    "test_settings_of_a_project_and_one_session_bring_it_without_an_install",
    "package claude-settings": "tests.clients.test_claude_git:"
    "test_settings_of_a_project_and_one_session_bring_it_without_an_install",
    "package codex": "tests.clients.test_git_clients:test_codex_adds_a_plugin_and_upgrades_it",
    "package gemini": "tests.clients.test_git_clients:test_gemini_installs_an_extension_and_a_skill",
    "package skills": "tests.clients.test_skills:test_skill_is_added_and_updated",
    "package opencode": "tests.clients.test_skills:test_opencode_loads_the_skill",
    "package npm": "tests.clients.test_box:test_npm_installs_by_the_lines_of_the_box",
    "package cursor": "tests.installs.domain.test_client_lines:test_cursor_link_holds_the_server_without_secrets",
    "package vscode": "tests.installs.domain.test_client_lines:test_vscode_link_asks_for_what_only_the_user_knows",
    "package desktop": "tests.clients.test_mcp_registry:"
    "test_bundle_of_the_install_box_is_one_that_claude_desktop_opens",
    "collection claude": "tests.clients.test_claude_git:test_collection_is_one_marketplace_of_several_publishers",
    "collection codex": "tests.clients.test_box:test_codex_installs_a_collection_by_the_lines_of_its_page",
    "machine claude": "tests.clients.test_connect:test_commands_bring_a_private_package_to_each_client",
    "machine codex": "tests.clients.test_connect:test_commands_bring_a_private_package_to_each_client",
    "machine npm": "tests.clients.test_connect:test_commands_bring_a_private_package_to_each_client",
    "machine skills": "tests.clients.test_connect:test_commands_bring_a_private_package_to_each_client",
}
"""By page and client (and way) the test that runs what is shown, or opens the link: `module:function`."""


@pytest.mark.skipif(shutil.which("npm") is None, reason="there is no npm on this machine")
def test_npm_installs_by_the_lines_of_the_box(live_site: LiveSite, publisher: Person, machine: Machine) -> None:
    name = publish(live_site, publisher, packages.skill("tidy")).rpartition("@")[0]
    machine.line(Visitor(live_site.url).line(name, "npm"))
    assert (machine.project / "node_modules" / name / "skills/tidy/SKILL.md").is_file()


@pytest.mark.needs("codex")
def test_codex_installs_a_collection_by_the_lines_of_its_page(
    live_site: LiveSite, publisher: Person, machine: Machine
) -> None:
    made = call(live_site, publisher, "/api/v1/collections", b'{"title": "Bench"}', **JSON)
    for by, files in (
        (publisher, packages.plugin("reader")),
        (person(live_site, "second-shelf"), packages.skill("tidy")),
    ):
        name = publish(live_site, by, files).rpartition("@")[0]
        path = f"/api/v1/collections/{made['slug']}/entries/{name}"
        call(live_site, publisher, path, b"{}", method="PUT", **JSON)
    machine.line(Visitor(live_site.url).line(f"collections/{made['slug']}", "codex"))
    found = {path.parent.name for path in machine.home.glob(".codex/plugins/cache/**/SKILL.md")}
    assert found >= {"look", "tidy"}
