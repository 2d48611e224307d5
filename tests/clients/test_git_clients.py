"""Codex, Gemini CLI and the skills CLI by git over loopback http; what git itself may and may not fetch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.clients import packages
from tests.clients.visitor import Visitor, change, publish

if TYPE_CHECKING:
    from tests.clients.machine import Machine
    from tests.clients.visitor import Person
    from tests.live_site import LiveSite

pytestmark = pytest.mark.clients


def lines(visitor: Visitor, name: str, client: str) -> str:
    """The lines of the install box, one behind the other."""
    return visitor.line(name, client).replace("\n", " && ")


@pytest.mark.needs("codex")
def test_codex_adds_a_plugin_and_upgrades_it(live_site: LiveSite, publisher: Person, machine: Machine) -> None:
    name = publish(live_site, publisher, packages.plugin("reader")).rpartition("@")[0]
    visitor = Visitor(live_site.url)
    machine.line(visitor.line(name, "codex"))
    found = list(machine.home.glob(".codex/plugins/cache/**/skills/look/SKILL.md"))
    assert [path.read_text(encoding="utf-8").count("reader 1.0.0") for path in found] == [1]

    publish(live_site, publisher, packages.plugin("reader", "1.1.0"))
    machine.line(visitor.line(name, "codex"))

    texts = [path.read_text(encoding="utf-8") for path in machine.home.glob(".codex/plugins/cache/**/SKILL.md")]
    assert any("reader 1.1.0" in text for text in texts)


@pytest.mark.needs("codex")
def test_codex_reads_a_library(live_site: LiveSite, publisher: Person, machine: Machine) -> None:
    visitor = Visitor(live_site.url)
    for files in (packages.plugin("reader"), packages.skill("tidy")):
        name = publish(live_site, publisher, files).rpartition("@")[0]
        visitor.choose(name)
        machine.line(visitor.line(name, "codex"))
    listed = machine.run("codex", "plugin", "list").stdout
    assert "reader" in listed
    assert "tidy" in listed


@pytest.mark.needs("gemini", "node")
def test_gemini_installs_an_extension_and_a_skill(live_site: LiveSite, publisher: Person, machine: Machine) -> None:
    extension = publish(live_site, publisher, packages.extension("helper")).rpartition("@")[0]
    skill = publish(live_site, publisher, packages.skill("tidy")).rpartition("@")[0]
    visitor = Visitor(live_site.url)

    machine.line(visitor.line(extension, "gemini"))
    machine.line(visitor.line(skill, "gemini"))

    assert (machine.home / ".gemini" / "extensions" / "helper" / "gemini-extension.json").is_file()
    (manual,) = machine.home.glob(".gemini/skills/**/tidy/SKILL.md")
    assert "Read the changes first." in manual.read_text(encoding="utf-8")


@pytest.mark.needs("skills", "node")
def test_skills_cli_adds_from_a_repository(live_site: LiveSite, publisher: Person, machine: Machine) -> None:
    name = publish(live_site, publisher, packages.plugin("reader")).rpartition("@")[0]
    machine.run(
        "skills", "add", f"{live_site.url}/git/{name.removeprefix('@')}.git", "--skill", "*", "-a", "codex", "-y"
    )
    manual = machine.project / ".agents" / "skills" / "look" / "SKILL.md"
    assert "Look over reader 1.0.0" in manual.read_text(encoding="utf-8")


def test_each_release_has_its_tag(live_site: LiveSite, publisher: Person, machine: Machine) -> None:
    for number in ("1.0.0", "1.1.0"):
        name = publish(live_site, publisher, packages.plugin("reader", number)).rpartition("@")[0]
    address = f"{live_site.url}/git/{name.removeprefix('@')}.git"
    told = machine.run("git", "ls-remote", "--tags", address).stdout.split()
    assert told[1::2] == ["refs/tags/reader--v1.0.0", "refs/tags/reader--v1.1.0"]
    machine.run("git", "clone", "--quiet", "--depth=1", "--branch=reader--v1.0.0", address, "old")
    text = (machine.project / "old" / "README.md").read_text(encoding="utf-8")
    assert text == "# reader\n\nVersion 1.0.0.\n"


def test_removed_content_is_not_fetched_by_its_sha(live_site: LiveSite, publisher: Person, machine: Machine) -> None:
    publish(live_site, publisher, packages.plugin("reader"))
    version = publish(live_site, publisher, packages.plugin("reader", "1.1.0"))
    address = f"{live_site.url}/git/{publisher.publisher}.git"
    machine.run("git", "clone", "--quiet", address, "before")
    commit = machine.run("git", "-C", "before", "rev-parse", "HEAD").stdout.strip()
    blob = machine.run("git", "-C", "before", "rev-parse", "HEAD:plugins/reader/README.md").stdout.strip()

    change(live_site, publisher, version, "unpublish")

    machine.run("git", "init", "--quiet", "after")
    for sha in (commit, blob):
        done = machine.run("git", "-C", "after", "fetch", "--quiet", address, sha, check=False)
        assert done.returncode != 0
        assert "not our ref" in done.stderr
    machine.run("git", "clone", "--quiet", address, "now")
    assert "Version 1.0.0" in (machine.project / "now/plugins/reader/README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("options", [("--depth=1",), ("--filter=blob:none",), ("--filter=tree:0", "--no-checkout")])
def test_shallow_and_partial_clones(
    live_site: LiveSite, publisher: Person, machine: Machine, options: tuple[str, ...]
) -> None:
    publish(live_site, publisher, packages.skill("tidy"))
    machine.run("git", "clone", *options, f"{live_site.url}/git/{publisher.publisher}.git", "here")
    machine.run("git", "-C", "here", "checkout", "--quiet", "HEAD")
    assert (machine.project / "here/plugins/tidy/skills/tidy/SKILL.md").is_file()


def test_outsiders_get_no_private_package(live_site: LiveSite, publisher: Person, machine: Machine) -> None:
    publish(live_site, publisher, packages.skill("secret"), visibility="private")
    for address in (f"{publisher.publisher}/secret", "i/" + "x" * 32):
        done = machine.run("git", "clone", f"{live_site.url}/git/{address}.git", "here", check=False)
        assert done.returncode != 0
        assert "not found" in done.stderr
