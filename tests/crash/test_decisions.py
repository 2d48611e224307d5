"""`kill -9` of the worker while it tells people of a decision: the effect stands once, each person is told once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.clients import packages
from tests.clients.inside import run_inside
from tests.clients.test_quarantine import decide
from tests.clients.visitor import choose, person, publish
from tests.crash.faults import file_of
from tests.crash.points import TELLING
from tests.crash.test_publish import wait_for_death

if TYPE_CHECKING:
    from tests.crash.ledger import Ledger
    from tests.crash.points import Point
    from tests.live_site import LiveSite

pytestmark = [pytest.mark.crash, pytest.mark.long]
TOLD = """
import json
from marketplace.core import tenancy
from marketplace.models import Notice
from registry.models import Version
from reviews.models import Decision, Statement
with tenancy.bound(tenancy.SYSTEM):
    version = Version.objects.get(package__full_name={name!r})
    statements = Statement.objects.filter(decision__case__version=version)
    keys = Notice.objects.filter(user__email__in={emails!r}, kind="moderation").order_by("pk")
    said = json.dumps([
        version.state,
        Decision.objects.filter(case__version=version).count(),
        [sent is None for sent in statements.values_list("sent_at", flat=True)],
        [key.split(":")[0] for key in keys.values_list("key", flat=True)],
    ])
"""


@pytest.mark.parametrize("point", TELLING, ids=str)
def test_worker_killed_while_it_tells_of_a_decision(site: LiveSite, ledger: Ledger, point: Point) -> None:
    by, reader = person(site, f"told-{TELLING.index(point)}"), person(site)
    publish(site, by, packages.skill("watch"))
    name = f"@{by.publisher}/watch"
    choose(site, reader, name)
    file_of(site.data_dir, point).touch()
    decide(site, name, "1.0.0", "quarantine")
    wait_for_death(site, "worker", point)
    ledger.let_hours_pass()
    site.start("worker")
    ledger.settle()
    script = TOLD.format(name=name, emails=[by.email, reader.email])
    state, decisions, unsent, keys = json.loads(run_inside(site, script))
    assert (state, decisions, unsent, sorted(keys)) == ("quarantined", 1, [False], ["decision", "incident"])
    letters = [path.read_text() for path in (site.data_dir / "mail").iterdir()]
    for email in (by.email, reader.email):
        assert sum(f"To: {email}" in letter for letter in letters) == 1
