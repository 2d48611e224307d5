"""`npm audit signatures` of npm 12 against the keys that we sign with, before and after they are changed.

It asks Sigstore first, which knows no keys of registries like ours; a test must not ask outside hosts, so that one
answer ("no such target") is given in Sigstore's place. All else is npm's own.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from house import signing
from tests import live_site as sites
from tests.clients import packages
from tests.clients.nginx import ask
from tests.clients.test_npm_journeys import configure, reader
from tests.clients.visitor import person, publish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.clients.machine import Machine
    from tests.databases import Server
    from tests.live_site import LiveSite

pytestmark = [pytest.mark.clients, pytest.mark.long]
SIGSTORE = """
const { Module } = require('module')
const load = Module._load
Module._load = function (name, ...more) {
  const found = load.call(this, name, ...more)
  if (name !== '@sigstore/tuf') return found
  const none = () => Promise.reject(Object.assign(new Error('no such target'), { code: 'TUF_FIND_TARGET_ERROR' }))
  return { ...found, initTUF: async () => ({ getTarget: none }) }
}
"""


@pytest.fixture
def site(postgres_server: Server) -> Iterator[LiveSite]:
    with sites.live_site(postgres_server) as site:
        yield site


def rotate(site: LiveSite, ended: datetime) -> None:
    """Go on with a second key; the first signs no more since `ended`."""
    first = json.loads(ask(f"{site.url}/npm/-/npm/v1/keys").body)["keys"][-1]["key"]
    retired = site.data_dir / f"retired-{ended:%Y}.json"
    retired.write_text(json.dumps([{"key": first, "expires": ended.isoformat()}]))
    signing.ensure(site.data_dir / "second.pem")
    told = {"SIGNING_KEY_FILE": str(site.data_dir / "second.pem"), "SIGNING_KEYS_RETIRED": str(retired)}
    for role in ("worker", "web"):
        site.stop(role)
        site.start(role, **told)
    site.wait_until_ready()


@pytest.mark.needs("node", "npm-12")
def test_npm_verifies_what_each_key_signed_in_its_time(machine: Machine, site: LiveSite) -> None:
    by = person(site, "acme")
    (machine.root / "sigstore.cjs").write_text(SIGSTORE)
    machine.env["NODE_OPTIONS"] = f"--require={machine.root / 'sigstore.cjs'}"
    first = publish(site, by, packages.skill("tidy")).rpartition("@")[0]
    rotate(site, datetime.now(UTC) + timedelta(minutes=5))
    second = publish(site, by, packages.skill("neat")).rpartition("@")[0]
    configure(machine, site)
    reader(machine, "reading")
    machine.run("npm-12", "install", first, second)

    audited = machine.run("npm-12", "audit", "signatures")
    assert "2 packages have verified registry signatures" in audited.stdout, audited

    rotate(site, datetime(2020, 1, 1, tzinfo=UTC))
    told = ("--json", "--cache", str(machine.root / "fresh"))
    refused = machine.run("npm-12", "audit", "signatures", *told, check=False)
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["error"]["code"] == "EEXPIREDSIGNATUREKEY"
    assert first in refused.stdout
