"""Sites to measure: a live one that is filled quickly, and Verdaccio with the same packages."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from house import processes
from house.bench.load import pinned
from house.console import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.live_site import LiveSite

VERDACCIO = "verdaccio@6.10.4"
OVERRIDES = {"node-fetch": "2.7.0"}
"""It asks for a tag (`cjs`) that not every mirror of the registry has."""
READY_SECONDS = 60
CONFIG = """
storage: {folder}/storage
uplinks: {{}}
packages:
  '**': {{access: $all, publish: $all}}
max_body_size: 100mb
log: {{type: stdout, level: error}}
"""
GROW = """
from django.db import connection
from marketplace.core import tenancy
from registry.models import Package, SearchDocument, Version, VersionArtifact

def copied(model, source, joined, where, **changed):
    columns = [field.column for field in model._meta.concrete_fields if field.column != "id"]
    chosen = [changed.get(column, f"s.{{column}}") for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {{model._meta.db_table}} ({{', '.join(columns)}}) "
            f"SELECT {{', '.join(chosen)}} FROM {{model._meta.db_table}} s {{joined}} WHERE {{where}}", source
        )

with tenancy.bound(tenancy.SYSTEM):
    package = Package.objects.get(full_name={name!r})
    first = {first!r}
    copied(
        Package, [package.pk], "CROSS JOIN generate_series(" + str(first) + ", {last!r}) i", "s.id = %s",
        public_id="gen_random_uuid()", name="s.name || '-' || i", full_name="s.full_name || '-' || i",
        latest_id="NULL", shared_id="NULL", created_at="now()", updated_at="now()",
    )
    new = "JOIN registry_package p ON p.publisher_id = %s AND p.latest_id IS NULL AND p.shared_id IS NULL"
    copied(Version, [package.publisher_id, package.latest_id], new, "s.id = %s",
           public_id="gen_random_uuid()", package_id="p.id")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_package p SET latest_id = v.id, shared_id = v.id FROM registry_version v "
            "WHERE v.package_id = p.id AND p.latest_id IS NULL AND p.publisher_id = %s", [package.publisher_id]
        )
        cursor.execute(
            "SELECT count(*) FROM registry_searchdocument"
        )
    fresh = "JOIN registry_package p ON p.publisher_id = %s AND NOT EXISTS ("
    copied(SearchDocument, [package.publisher_id, package.pk],
           fresh + "SELECT 1 FROM registry_searchdocument d WHERE d.package_id = p.id)", "s.package_id = %s",
           package_id="p.id", name_key="p.full_name", vector="s.vector || to_tsvector('simple', p.name)")
    copied(VersionArtifact, [package.publisher_id, package.latest_id],
           "JOIN registry_package p ON p.publisher_id = %s AND NOT EXISTS ("
           "SELECT 1 FROM registry_versionartifact a WHERE a.version_id = p.latest_id)", "s.version_id = %s",
           version_id="p.latest_id")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    said = Package.objects.count()
"""
ENTRIES = """
from django.db import connection
from installs.models import CatalogueEntry
from marketplace.core import tenancy
from registry.models import Package
with tenancy.bound(tenancy.SYSTEM), connection.cursor() as cursor:
    package = Package.objects.get(full_name={name!r})
    entry = CatalogueEntry.objects.get(package=package)
    cursor.execute(
        "INSERT INTO installs_catalogueentry (package_id, publisher_id, name, body, size, needs) "
        "SELECT p.id, p.publisher_id, e.name || substr(p.name, %s), made.body, octet_length(made.body) + 1, e.needs "
        "FROM installs_catalogueentry e JOIN registry_package p ON p.publisher_id = e.publisher_id AND p.id <> %s "
        "CROSS JOIN LATERAL (SELECT replace(e.body, %s, %s || substr(p.name, %s)) AS body) made "
        "WHERE e.package_id = %s",
        [len(package.name) + 1, package.pk, '{{"name":"' + entry.name, '{{"name":"' + entry.name,
         len(package.name) + 1, package.pk],
    )
    said = CatalogueEntry.objects.count()
"""
RELEASES = """
import copy
from django.utils import timezone
from installs.services.documents import documents_write
from marketplace.core import tenancy
from marketplace.core.ids import uuid7
from registry.domain.semver import SemVer
from registry.models import Package, Version
with tenancy.bound(tenancy.SYSTEM):
    package = Package.objects.select_related("publisher").get(full_name={name!r})
    version = package.versions.get()
    files = list(version.artifacts.all())
    for number in range(1, {count!r}):
        made = copy.copy(version)
        made.pk, made._state.adding, made.public_id = None, True, uuid7()
        made.number = f"1.0.{{number}}"
        made.sort_key = SemVer.parse(made.number).sortable
        made.save(force_insert=True)
        for file in files:
            row = copy.copy(file)
            row.pk, row._state.adding, row.version = None, True, made
            row.save(force_insert=True)
    Package.objects.filter(pk=package.pk).update(latest=made, shared=made)
    documents_write(package=Package.objects.select_related("publisher").get(pk=package.pk))
    said = package.versions.count()
"""


def grow(site: LiveSite, name: str, *, first: int, last: int) -> None:
    """Copy the package under new names, `name-first` to `name-last`, with everything that search and catalogue read."""
    from tests.clients.inside import run_inside  # noqa: PLC0415  (needs the virtual environment)

    run_inside(site, GROW.format(name=name, first=first, last=last))


def grow_entries(site: LiveSite, name: str) -> int:
    """Give the copies of the package entries for the catalogue, which waits to be written anew; how many there are."""
    from tests.clients.inside import run_inside  # noqa: PLC0415  (needs the virtual environment)

    return int(run_inside(site, ENTRIES.format(name=name)))


def release(site: LiveSite, name: str, count: int) -> None:
    """Give the package so many versions of the same bytes."""
    from tests.clients.inside import run_inside  # noqa: PLC0415  (needs the virtual environment)

    run_inside(site, RELEASES.format(name=name, count=count))


def pin(site: LiveSite, core: int) -> None:
    """Keep the web role, threads and all, on one core."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and _group(entry) == site.pid("web"):
            for thread in (entry / "task").iterdir():
                os.sched_setaffinity(int(thread.name), {core})


def _group(entry: Path) -> int:
    try:
        return os.getpgid(int(entry.name))
    except OSError:
        return -1


@contextmanager
def verdaccio(folder: Path, core: int) -> Iterator[str]:
    """Verdaccio on one core, installed once into the user's cache; the address of its registry."""
    from tests.clients import install  # noqa: PLC0415  (needs the virtual environment)

    home = install.cache() / VERDACCIO.replace("@", "-")
    program = home / "node_modules/verdaccio/bin/verdaccio"
    npm = shutil.which("npm")
    if npm is None:
        raise Refused("npm is missing: it installs Verdaccio")
    if not program.exists():
        home.mkdir(parents=True, exist_ok=True)
        name, _, number = VERDACCIO.partition("@")
        wanted = {"private": True, "dependencies": {name: number}, "overrides": OVERRIDES}
        (home / "package.json").write_text(json.dumps(wanted), encoding="utf-8")
        options = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        subprocess.run([npm, "install", "--prefix", str(home), *options], check=True, timeout=600)  # noqa: S603
    config, port = folder / "config.yaml", processes.free_port()
    config.write_text(CONFIG.format(folder=folder), encoding="utf-8")
    url = f"http://127.0.0.1:{port}"
    command = [*pinned(core), *install.command("node"), str(program), "-c", str(config), "-l", url]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        deadline = time.monotonic() + READY_SECONDS
        while not _answers(f"{url}/-/ping"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise Refused("Verdaccio does not start")
            time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def copy_packages(folder: Path, name: str, count: int) -> None:
    """Give Verdaccio's storage, while it is stopped, copies of a package's document: `name-1` to `name-count`."""
    storage = folder / "storage"
    index = storage / ".verdaccio-db.json"
    known = json.loads(index.read_text(encoding="utf-8"))
    document = (storage / name / "package.json").read_text(encoding="utf-8")
    for number in range(1, count + 1):
        copy = f"{name}-{number}"
        (storage / copy).mkdir()
        (storage / copy / "package.json").write_text(document.replace(f'"{name}', f'"{copy}'), encoding="utf-8")
        known["list"].append(copy)
    index.write_text(json.dumps(known), encoding="utf-8")


def put(url: str, name: str, body: dict[str, Any]) -> None:
    """Publish to Verdaccio."""
    data = json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{url}/{name.replace('/', '%2f')}", data, headers, method="PUT")  # noqa: S310
    with urllib.request.urlopen(request, timeout=60):  # noqa: S310  (loopback)
        pass


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  (loopback)
            return bool(answer.status == 200)  # noqa: PLR2004  (HTTP)
    except (OSError, urllib.error.URLError):
        return False
