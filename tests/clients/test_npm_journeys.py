"""What people do with npm, yarn and pnpm besides publishing and installing once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.clients import packages
from tests.clients.inside import run_inside
from tests.clients.test_cache import QUARANTINE
from tests.clients.visitor import publish

if TYPE_CHECKING:
    from pathlib import Path

    from tests.clients.machine import Machine
    from tests.clients.visitor import Person
    from tests.live_site import LiveSite

pytestmark = [pytest.mark.clients]
YARN = """
nodeLinker: node-modules
enableTelemetry: false
enableGlobalCache: false
enableImmutableInstalls: false
npmMinimalAgeGate: 0
unsafeHttpWhitelist: ["localhost"]
npmRegistryServer: "{url}/npm"
"""
BYTES = """
from marketplace.core import tenancy
from registry.models import VersionArtifact
with tenancy.bound(tenancy.SYSTEM):
    row = VersionArtifact.objects.select_related("artifact").get(
        version__package__full_name={name!r}, version__number={number!r}, role="npm"
    )
    said = row.artifact.sha256
"""


def configure(machine: Machine, site: LiveSite, secret: str = "", *more: str) -> None:
    lines = [f"registry={site.url}/npm/", "audit=false", "fund=false", "update-notifier=false", *more]
    if secret:
        lines.append(f"//localhost:{site.port}/npm/:_authToken={secret}")
    (machine.home / ".npmrc").write_text("\n".join(lines) + "\n")


def author(machine: Machine, name: str, number: str) -> None:
    told = {"name": name, "version": number, "description": "Looks things over", "license": "MIT"}
    (machine.project / "package.json").write_text(json.dumps(told))
    for path, text in packages.skill(name.rpartition("/")[2]).items():
        (machine.project / path).parent.mkdir(exist_ok=True)
        (machine.project / path).write_text(text)


def reader(machine: Machine, folder: str) -> None:
    """Go to an empty project."""
    machine.project = machine.root / folder
    machine.project.mkdir()
    (machine.project / "package.json").write_text('{"name": "reading", "version": "1.0.0"}')


def inside(machine: Machine, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((machine.project / "node_modules" / name / "package.json").read_text())
    return found


@pytest.mark.long
@pytest.mark.needs("node", "npm-12")
def test_a_publishers_commands_and_a_readers_update(machine: Machine, live_site: LiveSite, publisher: Person) -> None:
    name = f"@{publisher.publisher}/tidy"
    configure(machine, live_site, publisher.token)
    author(machine, name, "1.0.0")
    machine.run("npm-12", "publish")
    live_site.wait_until_idle()
    writing = machine.project
    reader(machine, "reading")
    machine.run("npm-12", "install", name)

    machine.project = writing
    author(machine, name, "1.1.0")
    machine.run("npm-12", "publish", "--tag", "next")
    live_site.wait_until_idle()
    assert machine.read("npm-12", "view", name, "dist-tags", "--json") == [{"latest": "1.0.0", "next": "1.1.0"}]
    machine.run("npm-12", "dist-tag", "add", f"{name}@1.1.0", "latest")
    machine.run("npm-12", "dist-tag", "rm", name, "next")
    assert machine.run("npm-12", "dist-tag", "ls", name).stdout.split() == ["latest:", "1.1.0"]
    machine.run("npm-12", "deprecate", f"{name}@1.0.0", "use 1.1.0")
    assert publisher.publisher in machine.run("npm-12", "owner", "ls", name).stdout
    assert machine.run("npm-12", "whoami").stdout.strip() == publisher.publisher
    assert machine.read("npm-12", "access", "get", "status", name, "--json") == {name: "public"}
    assert [found["name"] for found in machine.read("npm-12", "search", name, "--json")] == [name]
    assert machine.read("npm-12", "token", "list", "--json")

    machine.project = machine.root / "reading"
    machine.run("npm-12", "update")
    assert inside(machine, name)["version"] == "1.1.0"
    assert "use 1.1.0" in machine.run("npm-12", "install", f"{name}@1.0.0").stderr

    machine.project = writing
    machine.run("npm-12", "unpublish", f"{name}@1.1.0")
    assert machine.read("npm-12", "view", name, "versions", "--json") in ("1.0.0", ["1.0.0"])
    again = machine.run("npm-12", "publish", check=False)
    assert again.returncode != 0


@pytest.mark.needs("node", "npm-8", "npm-12")
def test_what_keeps_a_version_from_npm_is_said_by_it(machine: Machine, live_site: LiveSite, publisher: Person) -> None:
    name = publish(live_site, publisher, packages.skill("tidy")).rpartition("@")[0]
    publish(live_site, publisher, packages.skill("tidy", "Read the tests first."), version="1.1.0")
    secret = publish(live_site, publisher, packages.skill("vault"), visibility="private").rpartition("@")[0]
    run_inside(live_site, QUARANTINE.format(name=name, number="1.1.0"))
    configure(machine, live_site)
    reader(machine, "reading")

    machine.run("npm-12", "install", name)
    assert inside(machine, name)["version"] == "1.0.0"
    signed = machine.run("npm-8", "audit", "signatures").stdout
    assert "1 package has a verified registry signature" in signed, signed
    assert machine.read("npm-12", "audit", "--json")["metadata"]["vulnerabilities"]["total"] == 0

    refused = machine.run("npm-12", "install", f"{name}@1.1.0", check=False)
    assert refused.returncode != 0
    assert "is in quarantine while moderators look at it" in refused.stderr, refused.stderr

    assert machine.run("npm-12", "install", secret, check=False).returncode != 0
    configure(machine, live_site, publisher.token)
    machine.run("npm-12", "install", secret)
    assert (machine.project / "node_modules" / secret / "skills/vault/SKILL.md").is_file()


@pytest.mark.long
@pytest.mark.needs("node", "npm-10")
def test_bytes_that_were_changed_on_the_way_are_not_installed(
    machine: Machine, live_site: LiveSite, publisher: Person
) -> None:
    name = publish(live_site, publisher, packages.skill("tidy")).rpartition("@")[0]
    digest = run_inside(live_site, BYTES.format(name=name, number="1.0.0"))
    (stored,) = (path for path in (live_site.data_dir / "artifacts").rglob("*") if digest.endswith(path.name))
    whole = stored.read_bytes()
    configure(machine, live_site, "", "fetch-retries=0")  # else npm waits 70 s when all comes in one piece
    reader(machine, "reading")
    stored.chmod(0o644)
    stored.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
    refused = machine.run("npm-10", "install", name, check=False)
    stored.write_bytes(whole)
    assert refused.returncode != 0
    assert "EINTEGRITY" in refused.stderr
    assert not (machine.project / "node_modules" / name).exists()
    machine.run("npm-10", "install", name)


@pytest.mark.needs("node", "yarn-4")
def test_yarn_adds_and_installs_from_its_lock_file(machine: Machine, live_site: LiveSite, publisher: Person) -> None:
    name = publish(live_site, publisher, packages.skill("tidy")).rpartition("@")[0]
    reader(machine, "reading")
    (machine.project / ".yarnrc.yml").write_text(YARN.format(url=live_site.url))
    (machine.project / "yarn.lock").write_text("")
    machine.run("yarn-4", "add", name)
    assert _skill(machine, name).is_file()
    _skill(machine, name).unlink()
    machine.run("rm", "-rf", "node_modules")
    machine.run("yarn-4", "install", "--immutable")
    assert _skill(machine, name).is_file()


@pytest.mark.long
@pytest.mark.parametrize("client", ["pnpm-11", "pnpm-12"])
@pytest.mark.needs("node", "pnpm-11", "pnpm-12")
def test_pnpm_adds_and_installs_from_its_lock_file(
    machine: Machine, live_site: LiveSite, publisher: Person, client: str
) -> None:
    name = publish(live_site, publisher, packages.skill("tidy")).rpartition("@")[0]
    configure(machine, live_site, "", "minimum-release-age=0")
    reader(machine, "reading")
    machine.run(client, "add", name)
    assert _skill(machine, name).is_file()
    machine.run("rm", "-rf", "node_modules")
    machine.run(client, "install", "--frozen-lockfile")
    assert _skill(machine, name).is_file()


def _skill(machine: Machine, name: str) -> Path:
    return machine.project / "node_modules" / name / "skills" / "tidy" / "SKILL.md"
