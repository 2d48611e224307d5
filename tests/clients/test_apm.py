"""microsoft/apm, from the Python package index: publishing to us, and installing from us."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.clients import install, packages
from tests.clients.visitor import publish

if TYPE_CHECKING:
    from pathlib import Path

    from tests.clients.machine import Machine
    from tests.clients.visitor import Person
    from tests.live_site import LiveSite

pytestmark = [pytest.mark.clients, pytest.mark.long]
APM = "apm-cli==0.35.0"
PROJECT = """
name: reading
version: 1.0.0
description: Reads
registries:
  market:
    url: {url}/apm
  default: market
dependencies:
  apm:
    - id: {publisher}/tidy
      version: 1.0.0
      registry: market
"""


@pytest.fixture(scope="session")
def apm() -> Path:
    """The program, installed once into the cache of the clients; without the index the test is skipped."""
    folder = install.cache() / APM.replace("==", "-")
    program = folder / "bin" / "apm"
    if not program.exists():
        try:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True, timeout=120)
            pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", APM]
            subprocess.run(pip, check=True, capture_output=True, timeout=300)
        except subprocess.SubprocessError as error:
            if os.environ.get("CI"):
                pytest.fail(f"{APM} cannot be installed: {error}")
            pytest.skip(f"{APM} cannot be installed: {error}")
    return program


def test_apm_installs_a_skill_and_goes_by_its_lock_file(
    live_site: LiveSite, publisher: Person, machine: Machine, apm: Path
) -> None:
    publish(live_site, publisher, packages.skill("tidy"))
    told = PROJECT.format(url=live_site.url, publisher=publisher.publisher)
    (machine.project / "apm.yml").write_text(told, encoding="utf-8")
    machine.run(str(apm), "experimental", "enable", "registries")
    machine.run(str(apm), "install", "--target", "claude")
    skill = machine.project / ".claude" / "skills" / "tidy" / "SKILL.md"
    assert "Read the changes first." in skill.read_text(encoding="utf-8")
    assert "sha256:" in (machine.project / "apm.lock.yaml").read_text(encoding="utf-8")
    machine.run("rm", "-rf", "apm_modules", ".claude")
    machine.run(str(apm), "install", "--target", "claude", "--frozen")
    assert skill.is_file()
