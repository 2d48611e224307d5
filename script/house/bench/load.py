"""Load from `wrk` on one core: requests a second, and how long the middle and the slowest twentieth took."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
import urllib.request
from dataclasses import dataclass, field
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from house.console import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECTIONS = 16
ALONE_SECONDS = 300
SCRIPT = """
done = function(summary, latency, requests)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("\\nRATE %f %f %f %d %d\\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, failed, summary.errors.status))
end
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests a second; milliseconds of half and of 95 in a hundred; how many failed, or were refused."""

    each_second: float
    p50: float
    p95: float
    failed: int
    refused: int


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to ask for."""

    name: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


def load(case: Case, *, seconds: float, core: int) -> Rate:
    """Ask again and again for so long; raises Refused without wrk."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise Refused("wrk is missing: apt-get install wrk")
    headers = [part for name, value in case.headers.items() for part in ("-H", f"{name}: {value}")]
    with NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT)
        script.flush()
        options = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "-s", script.name, *headers, case.url]
        command = [*pinned(core), wrk, *options]
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60, check=False)  # noqa: S603
    match = re.search(r"^RATE (\S+) (\S+) (\S+) (\d+) (\d+)$", done.stdout, re.MULTILINE)
    if match is None:
        raise Refused(f"{case.name}: wrk says {done.stdout[-300:]}{done.stderr[-300:]}")
    return Rate(float(match[1]), float(match[2]), float(match[3]), int(match[4]), int(match[5]))


def once(case: Case) -> Rate:
    """Ask one time, with nobody else asking."""
    request = urllib.request.Request(case.url, headers=dict(case.headers))  # noqa: S310  (loopback)
    began = time.perf_counter()
    with urllib.request.urlopen(request, timeout=ALONE_SECONDS) as answer:  # noqa: S310  (loopback)
        answer.read()
    seconds = time.perf_counter() - began
    return Rate(1 / seconds, seconds * 1000, seconds * 1000, 0, 0)


def pinned(core: int) -> list[str]:
    """Run what follows on one core."""
    return ["taskset", "--cpu-list", str(core)]
