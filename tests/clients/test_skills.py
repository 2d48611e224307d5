"""Skills discovery with the skills CLI and opencode, on files: both say little when something is missing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.clients import packages
from tests.clients.visitor import Visitor, choose, publish

if TYPE_CHECKING:
    from tests.clients.machine import Machine
    from tests.clients.visitor import Person
    from tests.live_site import LiveSite

pytestmark = pytest.mark.clients
SKILLS = pytest.mark.needs("skills", "node")


def manual(machine: Machine, name: str) -> str:
    return (machine.project / ".agents" / "skills" / name / "SKILL.md").read_text(encoding="utf-8")


@SKILLS
def test_skill_is_added_and_updated(live_site: LiveSite, publisher: Person, machine: Machine) -> None:
    name = publish(live_site, publisher, packages.skill("tidy")).rpartition("@")[0]
    machine.line(Visitor(live_site.url).line(name, "skills"))
    assert "Read the changes first." in manual(machine, "tidy")
    assert (machine.project / ".agents" / "skills" / "tidy" / "notes.md").read_text(encoding="utf-8") == "Notes\n"
    assert (machine.project / ".claude" / "skills" / "tidy" / "SKILL.md").is_file()

    publish(live_site, publisher, packages.skill("tidy", "Read the tests first."), version="1.1.0")
    machine.run("skills", "update", "-y")
    assert "Read the tests first." in manual(machine, "tidy")


@SKILLS
def test_publisher_offers_all_skills_and_a_library_its_own(
    live_site: LiveSite, publisher: Person, machine: Machine
) -> None:
    one = publish(live_site, publisher, packages.skill("one")).rpartition("@")[0]
    publish(live_site, publisher, packages.plugin("reader", skill="two"))
    secret = publish(live_site, publisher, packages.skill("secret"), visibility="private").rpartition("@")[0]
    every = ["--skill", "*", "-a", "codex", "-y"]

    machine.run("skills", "add", f"{live_site.url}/@{publisher.publisher}", *every)
    assert {path.name for path in (machine.project / ".agents" / "skills").iterdir()} == {"one", "two"}

    key = choose(live_site, publisher, one, secret)
    machine.project = machine.root / "other"
    machine.project.mkdir()
    machine.run("skills", "add", f"{live_site.url}/s/{key}", *every)
    assert {path.name for path in (machine.project / ".agents" / "skills").iterdir()} == {"one", "secret"}


@SKILLS
def test_what_find_shows_can_be_added(live_site: LiveSite, publisher: Person, machine: Machine) -> None:
    publish(live_site, publisher, packages.plugin("zebrafinder", skill="zebra"))
    shown = machine.run("skills", "find", "zebrafinder", SKILLS_API_URL=live_site.url).stdout
    source = f"{live_site.url}/@{publisher.publisher}/zebrafinder@zebra"
    assert source in shown
    machine.run("skills", "add", source, "-a", "codex", "-y")
    assert "Look over zebrafinder" in manual(machine, "zebra")


@pytest.mark.needs("opencode")
def test_opencode_loads_the_skill(live_site: LiveSite, publisher: Person, machine: Machine) -> None:
    name = publish(live_site, publisher, packages.skill("tidy")).rpartition("@")[0]
    told = Visitor(live_site.url).line(name, "opencode")
    (machine.project / "opencode.json").write_text(told, encoding="utf-8")
    skills = {skill["name"]: skill for skill in machine.read("opencode", "debug", "skill")}
    assert skills["tidy"]["description"] == "Look over a change"
    assert json.loads(told)["skills"]["urls"] == [f"{live_site.url}/{name}/.well-known/skills/"]
