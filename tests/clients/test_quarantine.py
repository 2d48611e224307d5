"""A version that moderators stop: npm says why and warns of it, Claude Code turns it off, every other door is shut."""

from __future__ import annotations

import json
import shutil
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.clients import packages
from tests.clients.inside import run_inside
from tests.clients.visitor import Person, ask, person, publish

if TYPE_CHECKING:
    from tests.clients.machine import Machine
    from tests.clients.tls import Tls
    from tests.live_site import LiveSite

pytestmark = pytest.mark.clients
EVIDENCE = "skills/look/SKILL.md line 6 sends the environment to another host."
DECIDE = """
from marketplace.core import tenancy
from marketplace.models import User
from marketplace.services.viewers import viewer_of_user
from registry.models import Version
from reviews.domain.reasons import Effect
from reviews.models import Decision
from reviews.services.cases import case_open
from reviews.services.decisions import Ruling, decision_take, decision_undo
with tenancy.bound(tenancy.SYSTEM):
    user, _ = User.objects.get_or_create(email="mod@example.com", defaults=dict(is_moderator=True, is_staff=True))
    by = viewer_of_user(user)
    version = Version.objects.select_related("package__publisher").get(
        package__full_name={name!r}, number={number!r}
    )
    if {effect!r} == "undo":
        taken = Decision.objects.filter(case__version=version, undone_by=None, undoes=None).last()
        decision_undo(decision=taken, by=by, note="It was the test database")
    else:
        case = case_open(subject=version, source="staff", risk=90)
        decision_take(case=case, ruling=Ruling(Effect({effect!r}), "exfiltration", {evidence!r}), by=by)
    said = "done"
"""


def decide(site: LiveSite, name: str, number: str, effect: str) -> None:
    run_inside(site, DECIDE.format(name=name, number=number, effect=effect, evidence=EVIDENCE))


def write_npmrc(machine: Machine, site: LiveSite) -> None:
    lines = [f"registry={site.url}/npm/", "audit=false", "update-notifier=false"]
    (machine.home / ".npmrc").write_text("\n".join(lines) + "\n")


def forget(machine: Machine) -> None:
    """An empty project on a machine that has never fetched anything."""
    for folder in (machine.home / ".npm", machine.project / "node_modules"):
        shutil.rmtree(folder, ignore_errors=True)
    (machine.project / "package-lock.json").unlink(missing_ok=True)
    (machine.project / "package.json").write_text("{}")


def doors(site: LiveSite, by: Person, name: str) -> dict[str, int]:
    """What each of the site's doors answers for the one version of the package."""
    full = f"@{by.publisher}/{name}"
    asked = {
        "page": f"/{full}",
        "tarball": f"/npm/{full}/-/{name}-1.0.0.tgz",
        "git": f"/git/{by.publisher}/{name}.git/info/refs?service=git-upload-pack",
        "skills": f"/{full}/.well-known/agent-skills/index.json",
    }
    return {door: ask(site, path)[0] for door, path in asked.items()}


@pytest.mark.needs("node", "npm-12")
def test_npm_refuses_with_our_sentence_and_audit_warns(
    live_site: LiveSite, publisher: Person, machine: Machine
) -> None:
    name = f"@{publisher.publisher}/watch"
    for number in ("1.0.0", "1.1.0"):
        publish(live_site, publisher, packages.plugin("watch", number))
    write_npmrc(machine, live_site)
    (machine.project / "package.json").write_text(json.dumps({"dependencies": {name: "1.1.0"}}))
    machine.run("npm-12", "install")
    decide(live_site, name, "1.1.0", "quarantine")

    told = machine.run("npm-12", "audit", "--json", "--audit", check=False)
    (warning,) = json.loads(told.stdout)["vulnerabilities"][name]["via"]
    assert (warning["severity"], warning["range"]) == ("critical", "1.1.0")
    assert "sends them away" in warning["title"]
    forget(machine)
    refused = machine.run("npm-12", "install", f"{name}@1.1.0", check=False)
    assert refused.returncode != 0
    assert "in quarantine while moderators look at it" in refused.stderr
    forget(machine)
    machine.run("npm-12", "install", name)
    tree = json.loads(machine.run("npm-12", "ls", "--json").stdout)
    assert tree["dependencies"][name]["version"] == "1.0.0"


@pytest.mark.needs("claude")
def test_claude_turns_it_off_every_door_is_shut_in_a_minute_and_opens_again(
    https_site: tuple[LiveSite, Tls], away: Machine
) -> None:
    site = https_site[0]
    by = person(site, "acme-stopped")
    for name in ("stays", "watch"):
        publish(site, by, packages.skill(name))
    url = f"{site.url}/claude/{by.publisher}/marketplace.json"
    for name in ("stays", "watch"):
        away.run("claude", "plugin", "install", f"{by.publisher}.{name}", "--marketplace", url)
    assert set(doors(site, by, "watch").values()) == {200}

    began = time.monotonic()
    decide(site, f"@{by.publisher}/watch", "1.0.0", "quarantine")
    site.wait_until_idle()
    assert doors(site, by, "watch") == {"page": 404, "tarball": 403, "git": 404, "skills": 404}
    assert named(site, by) == {f"{by.publisher}.stays"}
    assert time.monotonic() - began < 60
    away.run("claude", "plugin", "marketplace", "update", by.publisher)
    loaded = away.session(until=lambda: not enabled(away).get(f"{by.publisher}.watch@{by.publisher}", False))
    assert {row["name"] for row in loaded["plugins"] if not row["name"].startswith("cc-plugin-")} == {"stays"}

    decide(site, f"@{by.publisher}/watch", "1.0.0", "undo")
    site.wait_until_idle()
    assert set(doors(site, by, "watch").values()) == {200}
    assert named(site, by) == {f"{by.publisher}.stays", f"{by.publisher}.watch"}


def named(site: LiveSite, by: Person) -> set[str]:
    document: Any = json.loads(ask(site, f"/claude/{by.publisher}/marketplace.json")[1])
    return {entry["name"] for entry in document["plugins"]}


def enabled(machine: Machine) -> dict[str, bool]:
    told = json.loads((machine.home / ".claude" / "settings.json").read_text(encoding="utf-8"))
    found: dict[str, bool] = told["enabledPlugins"]
    return found
