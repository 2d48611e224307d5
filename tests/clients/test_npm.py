from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests import live_site as sites
from tests.clients import install

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.clients.machine import Machine
    from tests.clients.visitor import Person
    from tests.databases import Server
    from tests.live_site import LiveSite

pytestmark = pytest.mark.clients
SKILL = "---\nname: reader\ndescription: Reads changes. Use it before a merge.\n---\n\nRead the changes first.\n"


def write(machine: Machine, name: str, number: str) -> None:
    package = {"name": name, "version": number, "description": "Reads changes", "license": "MIT"}
    (machine.project / "package.json").write_text(json.dumps(package))
    (machine.project / "SKILL.md").write_text(SKILL)


def configure(machine: Machine, site: LiveSite, secret: str = "") -> None:
    lines = [f"registry={site.url}/npm/", "audit=false", "update-notifier=false"]
    if secret:
        lines.append(f"//localhost:{site.port}/npm/:_authToken={secret}")
    (machine.home / ".npmrc").write_text("\n".join(lines) + "\n")


@pytest.mark.needs("node", "npm-10", "npm-12")
def test_npm_publishes_and_another_npm_installs(machine: Machine, live_site: LiveSite, publisher: Person) -> None:
    name = f"@{publisher.publisher}/reader"
    configure(machine, live_site, publisher.token)
    write(machine, name, "1.0.0")
    said = machine.run("npm-10", "publish")
    assert f"Checking {name}@1.0.0" in said.stderr
    live_site.wait_until_idle()
    refused = machine.run("npm-12", "publish", check=False)
    assert refused.returncode != 0
    configure(machine, live_site)
    (machine.project / "package.json").write_text("{}")
    machine.run("npm-12", "install", name)
    inside = machine.project / "node_modules" / name / "SKILL.md"
    assert inside.read_text() == SKILL


@pytest.fixture(scope="module")
def tenant_site(postgres_server: Server) -> Iterator[LiveSite]:
    with sites.live_site(postgres_server, roles=("web", "worker"), test_tenant="1") as site:
        yield site


COLOURS = re.compile("\x1b\\[[0-9;]*m")


def suite(machine: Machine, site: LiveSite, client: str, program: str) -> str:
    told = install.command(program)[-1]
    registry = f"http://localhost:{site.port}"
    call = [*install.command("registry-suite"), "-r", registry, "--pm", f"{client}={told}"]
    node = os.path.dirname(install.command("node")[0])  # noqa: PTH120  (the suite finds node in PATH)
    env = {"PATH": f"{node}{os.pathsep}{os.environ['PATH']}", "HOME": str(machine.home)}
    env |= {"E2E_PENDING_CONTRACT_CHECKS": "true", "NO_COLOR": "1"}
    done = subprocess.run(call, env=env, cwd=machine.project, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, f"{shlex.join(call)}\n{done.stdout[-6000:]}"
    return COLOURS.sub("", done.stdout)


@pytest.mark.needs("node", "pnpm-12", "registry-suite")
def test_registry_suite_passes_with_pnpm(machine: Machine, tenant_site: LiveSite) -> None:
    assert "10 passed, 0 failed" in suite(machine, tenant_site, "pnpm", "pnpm-12")


@pytest.mark.long
@pytest.mark.needs("node", "npm-12", "registry-suite")
def test_registry_suite_passes_with_npm(machine: Machine, tenant_site: LiveSite) -> None:
    assert "15 passed, 0 failed" in suite(machine, tenant_site, "npm", "npm-12")
