""" "Connect this machine": its commands, copied from the page and run."""

from __future__ import annotations

import html
import re
import shutil
from itertools import chain
from typing import TYPE_CHECKING

import pytest

from tests.clients import packages
from tests.clients.visitor import Visitor, publish

if TYPE_CHECKING:
    from tests.clients.machine import Machine
    from tests.clients.visitor import Person
    from tests.live_site import LiveSite

pytestmark = [pytest.mark.clients, pytest.mark.needs("claude", "codex", "skills", "node")]


@pytest.mark.skipif(shutil.which("npm") is None, reason="there is no npm on this machine")
def test_commands_bring_a_private_package_to_each_client(
    live_site: LiveSite, publisher: Person, machine: Machine
) -> None:
    version = publish(live_site, publisher, packages.skill("secret"), visibility="private")
    name = version.rpartition("@")[0]
    visitor = Visitor(live_site.url)
    visitor.sign_in(publisher.email)
    visitor.choose(name)
    pages = [visitor.get("/library"), visitor.post("/library/connect")]

    told = [re.findall(r'<pre id="cmd-([a-z]+)"><span>(.*?)</span></pre>', page, re.DOTALL) for page in pages]
    assert [[name for name, _ in lines] for lines in told] == [
        ["address", "update"],
        ["claude", "codex", "npm", "skills"],
    ]
    for _, line in chain(*told):
        machine.line(html.unescape(line.replace("<wbr>", "")))

    machine.run("claude", "plugin", "install", "secret@agent-marketplace")
    machine.run("codex", "plugin", "add", "secret@agent-marketplace")
    machine.run("npm", "install", name)
    assert (machine.project / "node_modules" / name / "skills/secret/SKILL.md").is_file()
    assert list(machine.home.glob(".claude/plugins/cache/**/secret/SKILL.md"))
    assert list(machine.home.glob(".codex/plugins/cache/**/secret/SKILL.md"))
    assert list(machine.project.glob("**/.agents/skills/secret/SKILL.md")) or list(
        machine.home.glob("**/secret/SKILL.md")
    )
