"""`script/check`: everything that can be said about the code without running it; each step with its seconds."""

from __future__ import annotations

import argparse
import os
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from house import virtualenv
from house.budget import Budget, is_clock_fair
from house.console import Refused, say
from house.postgres import Postgres
from house.virtualenv import ROOT, VENV

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

BUDGET_SECONDS = 180.0
SHELLS = {"#!/bin/sh": "sh", "#!/usr/bin/env bash": "bash", "#!/bin/bash": "bash"}
SCRIPT_FOLDERS = ("script", "deploy", ".ci")
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "4iY8aNfVq2LrX7sKpQ1zWc5UeT9mHbGd0JoRxZvBnCyEkAuSwPtD6lMhFg3j",
    "BASE_URL": "https://market.example.com",
    "ALLOWED_HOSTS": "market.example.com",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SIGNING_KEY_FILE": "/dev/null",
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "METRICS_TOKEN": "token-of-the-settings-check",
}
SCHEMA = ("spectacular", "--validate", "--fail-on-warn", "--file", os.devnull)
TEST = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}


@dataclass(frozen=True, slots=True)
class Check:
    """One step: a name to choose it by, and its commands; what a command prints is shown when it fails."""

    name: str
    commands: Sequence[Sequence[str]]
    env: Mapping[str, str] = field(default_factory=dict)
    needs_database: bool = False


def _shell_commands() -> list[list[str]]:
    """`sh -n FILE` for every shell script of the repository."""
    files = [path for folder in SCRIPT_FOLDERS for path in sorted((ROOT / folder).rglob("*")) if path.is_file()]
    found = []
    for path in files:
        first = path.read_bytes().split(b"\n", 1)[0].decode(errors="replace")
        if first in SHELLS:
            found.append([SHELLS[first], "-n", str(path)])
    return found


def checks() -> list[Check]:
    """Every step, the quickest first."""
    manage = ("python", "manage.py")
    return [
        Check("format", [("ruff", "format", "--check", "--output-format", "concise", ".")]),
        Check("lint", [("ruff", "check", "--quiet", "--output-format", "concise", ".")]),
        Check("shell", _shell_commands()),
        Check("imports", [("lint-imports",)]),
        Check("templates", [("djlint", "templates", "--lint", "--quiet", "--allow-empty-input")]),
        Check("types", [("mypy",)]),
        Check("schema", [(*manage, *SCHEMA)], TEST),
        Check("migrations", [(*manage, "makemigrations", "--check", "--dry-run")], TEST, needs_database=True),
        Check("settings", [(*manage, "check", "--deploy", "--fail-level", "WARNING")], PRODUCTION, needs_database=True),
    ]


@contextmanager
def _environment(check: Check) -> Iterator[dict[str, str]]:
    """The step's environment; an empty PostgreSQL of its own for as long as a step needs one."""
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    env = os.environ | {"PATH": path} | dict(check.env)
    if not check.needs_database:
        yield env
        return
    with TemporaryDirectory(prefix="market-check-") as folder:
        service = Postgres(Path(folder), durable=False)
        try:
            with service:
                yield env | {"DATABASE_URL": service.url_app}
        finally:
            service.discard()


def passes(check: Check) -> bool:
    """Run one step; shows its seconds, and what its commands printed when one fails."""
    began = time.monotonic()
    with _environment(check) as env:
        failures = _failures(check, env)
    say(f"{check.name:<12} {time.monotonic() - began:6.1f} s  {'failed' if failures else 'ok'}")
    for failure in failures:
        say(f"\n$ {failure}\n")
    return not failures


def _failures(check: Check, env: Mapping[str, str]) -> list[str]:
    failures = []
    for command in check.commands:
        program = VENV / "bin" / command[0]
        words = [str(program), *command[1:]] if program.exists() else list(command)
        answer = subprocess.run(  # noqa: S603  (our own words)
            words,
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.returncode:
            failures.append(f"{' '.join(command)}\n{answer.stdout}{answer.stderr}".rstrip())
    return failures


def _mend() -> None:
    for command in (("check", "--fix-only", "--quiet", "."), ("format", "--quiet", ".")):
        subprocess.run([VENV / "bin" / "ruff", *command], cwd=ROOT, check=False)  # noqa: S603  (our own words)


def _chosen(argv: Sequence[str]) -> argparse.Namespace:
    names = [check.name for check in checks()]
    parser = argparse.ArgumentParser(prog="script/check", description=__doc__)
    parser.add_argument("step", nargs="*", help=f"only these: {', '.join(names)}")
    parser.add_argument("--fix", action="store_true", help="first let the linter and the formatter mend what they can")
    options = parser.parse_args(argv)
    unknown = set(options.step) - set(names)
    if unknown:
        raise Refused(f"There is no step {', '.join(sorted(unknown))}; there are {', '.join(names)}.")
    return options


def main(argv: Sequence[str]) -> int:
    """Run the steps; returns 1 when one fails or when all of them together outgrow the budget."""
    options = _chosen(argv)
    virtualenv.enter("requirements-dev.txt")
    os.chdir(Path(ROOT))
    if options.fix:
        _mend()
    budget = Budget("check", BUDGET_SECONDS, is_clock_fair())
    began = time.monotonic()
    wanted = [check for check in checks() if check.name in (options.step or {check.name})]
    results = [passes(check) for check in wanted]
    late = budget.is_outgrown(time.monotonic() - began)
    say(f"checks: {sum(results)} passed, {len(results) - sum(results) + late} failed")
    return int(late or not all(results))
