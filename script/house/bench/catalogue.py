"""The catalogue, a publisher's marketplace and repository, and its skills index, with many packages.

`script/bench catalogue [--packages N] [--json FILE]`: what it takes to write each anew after one publication: time of
the job, memory that the process needed for it, bytes of the document.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from house.bench import sites, table
from house.console import say, step
from house.virtualenv import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.live_site import LiveSite

OWNER = "acme-bench"
CLONED_MOST = 20_000
MEASURED = """
import json, resource, time
from marketplace.core import tenancy
from installs.models import CatalogueEntry, SiteDocument
from installs.services.catalogue import catalogue_rebuild, entry_write, publisher_document
from installs.services.git_publishers import publisher_state
from installs.services.git_repositories import repository_open
from installs.services.skills import publisher_skills
from installs.services.documents import documents_write
from registry.models import Package

def measured(name, act):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    size = act()
    took = time.perf_counter() - began
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {{"what": name, "seconds": round(took, 3), "MB more": round(more / 1024, 1), "bytes": size or ""}}

def catalogue():
    CatalogueEntry.objects.filter(package=package).update(body=CatalogueEntry.objects.get(package=package).body + " ")
    catalogue_rebuild()
    row = SiteDocument.objects.get(name="claude-catalogue")
    return len(row.body)

def repository():
    repository_open(publisher_state({owner!r}), None, list).close()

def changed():
    files = {{row.role: row.artifact.sha256 for row in package.latest.artifacts.select_related("artifact")}}
    entry = CatalogueEntry.objects.get(package=package)
    CatalogueEntry.objects.filter(package=package).update(body=entry.body.replace(files["plugin"], files["skill"]))
    repository()

with tenancy.bound(tenancy.SYSTEM):
    package = Package.objects.select_related("publisher", "latest").get(full_name={name!r})
    rows = [
        measured("one package's documents", lambda: documents_write(package=package)),
        measured("one package's entry", lambda: entry_write(package=package)),
        measured("catalogue of the site", catalogue),
        measured("the publisher's marketplace", lambda: len(publisher_document({owner!r}).body)),
        measured("the publisher's skills index", lambda: publisher_skills({owner!r}) and 0),
        measured("the publisher's repository, first", repository),
        measured("the publisher's repository, one package changed", changed),
        measured("the publisher's repository, asked again", repository),
    ]
    listed = CatalogueEntry.objects.filter(listed_at__isnull=False).count()
    said = json.dumps([*rows, {{"what": "packages in the catalogue", "seconds": "", "MB more": "", "bytes": listed}}])
"""


def main(argv: Sequence[str]) -> int:
    """Fill a site, write everything anew, clone the repository."""
    parser = argparse.ArgumentParser(prog="script/bench catalogue")
    parser.add_argument("--packages", type=int, default=2000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    sys.path.append(str(ROOT))
    with TemporaryDirectory() as folder, ExitStack() as stack:
        rows = _measured(Path(folder), stack, options.packages)
    table.show(rows)
    if options.json:
        table.save(options.json, rows)
    return 0


def _measured(folder: Path, stack: ExitStack, packages: int) -> list[dict[str, object]]:
    from tests import live_site, servers  # noqa: PLC0415  (needs the virtual environment)
    from tests.clients import packages as kinds  # noqa: PLC0415  (likewise)
    from tests.clients.inside import run_inside  # noqa: PLC0415  (likewise)
    from tests.clients.visitor import person, publish  # noqa: PLC0415  (likewise)

    with step("Starting the site"):
        server = stack.enter_context(servers.postgres())
        site = stack.enter_context(live_site.live_site(server))
    with step(f"Filling it with {packages} packages"):
        by = person(site, OWNER)
        name = publish(site, by, kinds.skill("tidy")).rpartition("@")[0]
        site.wait_until_idle()
        sites.grow(site, name, first=1, last=packages)
        sites.grow_entries(site, name)
        site.stop("worker")
        site.stop("beat")
    rows: list[dict[str, object]] = json.loads(run_inside(site, MEASURED.format(name=name, owner=OWNER)))
    if packages > CLONED_MOST:
        say(f"One publisher's repository is cloned with at most {CLONED_MOST} packages.")
        return rows
    with step("Cloning the publisher's repository"):
        return [*rows, _clone(site, folder, "first clone"), _clone(site, folder, "second clone")]


def _clone(site: LiveSite, folder: Path, what: str) -> dict[str, object]:
    began = time.monotonic()
    target = folder / what.replace(" ", "-")
    command = ["git", "clone", "--quiet", "--depth=1", f"{site.url}/git/{OWNER}.git", str(target)]
    subprocess.run(command, check=True, timeout=600, capture_output=True)  # noqa: S603
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    return {"what": what, "seconds": round(time.monotonic() - began, 3), "MB more": "", "bytes": size}
