"""`script/test`: the suite in tiers, each with a budget that it must not outgrow, on one PostgreSQL of its own."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from house import virtualenv
from house.budget import Budget, is_clock_fair
from house.console import Refused, say, step
from house.virtualenv import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NO_TESTS = 5
PATIENCE = 2


@dataclass(frozen=True, slots=True)
class Tier:
    """One part of the suite: which tests, with which pytest options, and how many minutes they may take."""

    name: str
    marks: str
    minutes: float
    options: Sequence[str] = ()


TIERS = (
    Tier("unit", "not clients and not browser and not crash and not house", 6, ("-n", "3", "--dist=worksteal")),
    Tier("clients", "clients", 6),
    Tier("browser", "browser", 5),
    Tier("crash", "crash or house", 3),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tests of a tier passed, failed and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def counts_of(report: Path) -> Counts:
    """The counts in a JUnit report; one failure when there is none, since then pytest did not get to its end."""
    try:
        suites = list(ET.parse(report).getroot().iter("testsuite"))  # noqa: S314  (written by our own pytest)
    except (OSError, ET.ParseError):
        return Counts(failed=1)
    total, failures, errors, skipped = (
        sum(int(suite.get(name, 0)) for suite in suites) for name in ("tests", "failures", "errors", "skipped")
    )
    return Counts(max(total - failures - errors - skipped, 0), failures + errors, skipped)


def _pytest(tier: Tier, options: argparse.Namespace, report: Path) -> list[str]:
    marks = tier.marks if options.all else f"({tier.marks}) and not long"
    command = [sys.executable, "-m", "pytest", "-m", marks, f"--junitxml={report}", *tier.options]
    return [*command, *options.rest]


def _wait(child: subprocess.Popen[bytes], seconds: float) -> int:
    """Wait for pytest; end it when it takes much longer than it may."""
    try:
        return child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGINT)
    try:
        return child.wait(60)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def run(tier: Tier, options: argparse.Namespace, env: Mapping[str, str]) -> Counts:
    """Run one tier; a tier beyond its budget has one failure more, and is ended at twice its budget."""
    say(f"\n== {tier.name} (budget {tier.minutes:g} min)")
    budget = Budget(tier.name, tier.minutes * 60, is_clock_fair() and not options.all)
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        child = subprocess.Popen(_pytest(tier, options, report), cwd=ROOT, env=env, stdin=subprocess.DEVNULL)  # noqa: S603
        status = _wait(child, PATIENCE * budget.seconds * (1 if budget.counts else 2))
        counts = Counts() if status == NO_TESTS else counts_of(report)
    if status not in {0, NO_TESTS} and not counts.failed:
        counts += Counts(failed=1)
    seconds = time.monotonic() - began
    if budget.is_outgrown(seconds):
        say("Make it quicker, or mark tests as `long`.")
        counts += Counts(failed=1)
    say(f"== {tier.name}: {counts} in {seconds:.0f} s")
    return counts


def _parsed(argv: Sequence[str]) -> argparse.Namespace:
    own, rest = (argv[: argv.index("--")], argv[argv.index("--") + 1 :]) if "--" in argv else (argv, [])
    names = [tier.name for tier in TIERS]
    parser = argparse.ArgumentParser(prog="script/test", description=__doc__, epilog="After --: arguments for pytest.")
    parser.add_argument("tier", nargs="*", help=f"only these: {', '.join(names)}")
    parser.add_argument("--all", action="store_true", help="the long tests too; budgets do not count then")
    options = parser.parse_args(own)
    options.rest = list(rest)
    unknown = set(options.tier) - set(names)
    if unknown:
        raise Refused(f"There is no tier {', '.join(sorted(unknown))}; there are {', '.join(names)}.")
    return options


def main(argv: Sequence[str]) -> int:
    """Run the wanted tiers; the last line sums them up; returns 1 when anything failed or nothing ran."""
    options = _parsed(list(argv))
    virtualenv.enter("requirements-dev.txt")
    sys.path.append(str(ROOT))
    from tests import servers  # noqa: PLC0415  (needs the virtual environment)

    total = Counts()
    with ExitStack() as stack:
        with step("Starting PostgreSQL with the migrated template"):
            server = stack.enter_context(servers.postgres())
            server.template()
        env = os.environ | {servers.POSTGRES: server.superuser_url}
        for tier in TIERS:
            if not options.tier or tier.name in options.tier:
                total += run(tier, options, env)
    say(f"\n{total}")
    return int(total.failed > 0 or total == Counts())
