"""From started services to a servable site: migrations, static files, demo data; skipped when nothing changed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from house import environment, program, record, signing
from house.console import step
from house.program import Program
from house.virtualenv import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SOURCES = ("config", "marketplace", "registry", "payments", "installs", "reviews", "static", "templates")
SKIPPED = "__pycache__"


def fingerprint(data: Path) -> str:
    """What decides whether the steps must run again: our files, the requirements, the cluster, the demo switch."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    known = environment.state(data)
    digest.update(f"{ROOT} {known.get('demo', True)} {record.load(data / 'postgres.json').get('born')}".encode())
    for source in SOURCES:
        for path in sorted((ROOT / source).rglob("*")):
            if path.is_file() and SKIPPED not in path.parts:
                found = path.stat()
                digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def is_prepared(data: Path) -> bool:
    """Whether nothing changed since the steps ran to their end on this embedded database."""
    if not environment.uses_embedded_postgres() or not (ROOT / "staticfiles").exists():
        return False
    return bool(environment.state(data).get("prepared") == fingerprint(data))


def _run(name: str, data: Path, env: Mapping[str, str], *command: str) -> None:
    program.run(Program(name, [str(ROOT / "deploy" / "entrypoint"), *command], data / "run", env=env))


def prepare(data: Path, env: Mapping[str, str]) -> None:
    """Run the steps; each is safe to repeat, so an interrupted start simply begins them again.

    Raises Refused with the end of a step's output.
    """
    signing.ensure(data / "signing.pem")
    if is_prepared(data):
        return
    environment.remember(data, prepared="")
    with step("Bringing the database up to date"):
        _run("migrate", data, env, "migrate")
    with step("Collecting static files"):
        _run("collectstatic", data, env, "manage", "collectstatic", "--noinput", "--verbosity=0")
    if env["DEMO"] == "1":
        with step("Loading the demo data"):
            _run("demo", data, env, "manage", "demo_load")
    environment.remember(data, prepared=fingerprint(data))
