"""The shipped cache before web: what changes shows at once, and public installs go on while web is away."""

from __future__ import annotations

import json
import os
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from house import processes
from tests import live_sandbox
from tests import live_site as sites
from tests.clients import packages
from tests.clients.inside import run_inside
from tests.clients.nginx import Ports, ask, nginx, program
from tests.clients.shopping import price
from tests.clients.visitor import change, person, publish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from payments.sandbox.server import Sandbox
    from tests.clients.machine import Machine
    from tests.databases import Server
    from tests.live_site import LiveSite

pytestmark = [pytest.mark.clients, pytest.mark.needs("node", "npm-10")]
SHORT = "application/vnd.npm.install-v1+json"
SOON = 2.0
QUARANTINE = """
from marketplace.core import tenancy
from marketplace.domain.viewer import SYSTEM
from registry.domain.states import State
from registry.models import Version
from registry.services.lifecycle import version_move
with tenancy.bound(tenancy.SYSTEM):
    version = Version.objects.get(package__full_name={name!r}, number={number!r})
    version_move(version=version, after=State.QUARANTINED, by=SYSTEM)
"""
COUNTED = """
from marketplace.core import tenancy
from installs.models import DownloadDay
with tenancy.bound(tenancy.SYSTEM):
    said = dict(DownloadDay.objects.filter(package__full_name={name!r}).values_list("channel", "count"))
"""


@dataclass(frozen=True)
class Fronted:
    """A live site behind nginx, whose files stand in `folder`."""

    site: LiveSite
    folder: Path

    def packument(self, name: str, **headers: str) -> tuple[int, list[str]]:
        """Status, and the versions that the registry tells."""
        answer = ask(f"{self.site.url}/npm/{name}", Accept=SHORT, **headers)
        return answer.status, sorted(json.loads(answer.body)["versions"]) if answer.status == 200 else []


@pytest.fixture(scope="module")
def fronted(postgres_server: Server, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fronted]:
    if program() is None:
        if os.environ.get("CI"):
            pytest.fail("nginx is missing: apt-get install nginx-light")
        pytest.skip("nginx is missing: apt-get install nginx-light")
    front, refresh = processes.free_port(), processes.free_port()
    url, told = f"http://localhost:{front}", f"http://127.0.0.1:{refresh}"
    folder, sells = tmp_path_factory.mktemp("nginx"), live_sandbox.variables(sandbox.world.base_url)
    with ExitStack() as stack:
        live = sites.live_site(postgres_server, variables=sells, base_url=url, trusted_proxies="1", purge_urls=told)
        site = stack.enter_context(live)
        stack.enter_context(nginx(Ports(front, refresh, site.port), folder))
        yield Fronted(site, folder)


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return held


def installed(machine: Machine, site: LiveSite, *call: str) -> Path:
    machine.home.joinpath(".npmrc").write_text(f"registry={site.url}/npm/\naudit=false\nupdate-notifier=false\n")
    machine.project.joinpath("package.json").write_text("{}")
    machine.run("npm-10", *call)
    return machine.project / "node_modules"


def test_changes_show_at_once_and_public_installs_go_on_without_web(fronted: Fronted, machine: Machine) -> None:
    site, by = fronted.site, person(fronted.site, "acme-cached")
    name = publish(site, by, packages.skill("tidy")).rpartition("@")[0]
    tarball = f"{site.url}/npm/{name}/-/tidy-{{}}.tgz"
    assert fronted.packument(name) == (200, ["1.0.0"])
    assert ask(tarball.format("1.0.0")).status == 200

    publish(site, by, packages.skill("tidy", "Read the tests first."), version="1.1.0")
    assert within(SOON, lambda: fronted.packument(name) == (200, ["1.0.0", "1.1.0"]))
    assert ask(tarball.format("1.1.0")).status == 200

    run_inside(site, QUARANTINE.format(name=name, number="1.1.0"))
    assert within(SOON, lambda: fronted.packument(name) == (200, ["1.0.0"]))
    assert within(SOON, lambda: ask(tarball.format("1.1.0")).status == 403)

    site.stop("web")
    try:
        assert ask(f"{site.url}/").status == 502
        inside = installed(machine, site, "install", name)
        assert "Read the changes first." in (inside / name / "skills/tidy/SKILL.md").read_text()
        assert fronted.packument(name, Authorization=f"Bearer {by.token}") == (200, ["1.0.0"])
        assert ask(tarball.format("1.1.0")).status == 403
    finally:
        site.start("web")
        site.wait_until_ready()


def test_what_leaves_the_cache_is_counted_once(fronted: Fronted) -> None:
    site, by = fronted.site, person(fronted.site, "acme-counted")
    name = publish(site, by, packages.skill("tally")).rpartition("@")[0]
    url = f"{site.url}/npm/{name}/-/tally-1.0.0.tgz"
    for source in ("127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.2"):
        assert ask(url, source=source, User_Agent="npm/12.2.0 node/v22").status == 200

    log = fronted.folder / "deliveries.log"
    assert within(SOON, lambda: log.read_text().count("/tally-1.0.0.tgz") == 3)
    for _ in range(2):
        site.manage("deliveries_read", str(log))
    assert run_inside(site, COUNTED.format(name=name)) == "{'npm': 2}"


def test_nobody_gets_what_another_reader_was_given(fronted: Fronted) -> None:
    site, by = fronted.site, person(fronted.site, "acme-secret")
    version = publish(site, by, packages.skill("vault"), visibility="private")
    name = version.rpartition("@")[0]
    assert fronted.packument(name, Authorization=f"Bearer {by.token}") == (200, ["1.0.0"])
    assert fronted.packument(name)[0] == 404
    tarball = f"{site.url}/npm/{name}/-/vault-1.0.0.tgz"
    assert ask(tarball, Authorization=f"Bearer {by.token}").status == 200
    assert ask(tarball).status == 404


def test_unpublished_bytes_are_gone_from_the_cache(fronted: Fronted) -> None:
    site, by = fronted.site, person(fronted.site, "acme-gone")
    version = publish(site, by, packages.skill("gone"))
    name = version.rpartition("@")[0]
    tarball = f"{site.url}/npm/{name}/-/gone-1.0.0.tgz"
    assert (ask(tarball).status, fronted.packument(name)[0]) == (200, 200)
    change(site, by, version, "unpublish")
    assert within(SOON, lambda: (ask(tarball).status, fronted.packument(name)[0]) == (404, 404))


def test_bytes_that_are_sold_from_now_on_are_gone_from_the_cache(fronted: Fronted) -> None:
    site, by = fronted.site, person(fronted.site, "acme-sells")
    name = publish(site, by, packages.skill("dear")).rpartition("@")[0]
    tarball = f"{site.url}/npm/{name}/-/dear-1.0.0.tgz"
    assert ask(tarball).status == 200
    price(site, by, name)
    assert within(SOON, lambda: ask(tarball).status == 401)


def test_only_purge_is_taken_where_the_worker_speaks(fronted: Fronted) -> None:
    refresh = fronted.site.env["PURGE_URLS"]
    assert ask(f"{refresh}/npm/@acme-cached/tidy").status == 405
