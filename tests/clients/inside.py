"""Python inside a live site: one process a site, which runs small scripts one after the other."""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from typing import TYPE_CHECKING

from house.virtualenv import ROOT

if TYPE_CHECKING:
    from tests.live_site import LiveSite

LOOP = """
import json, sys, django
django.setup()
from django.db import connections
for line in sys.stdin:
    names = {}
    try:
        exec(json.loads(line), names)
        answer = {"said": names.get("said")}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    connections.close_all()
    print(json.dumps(answer), flush=True)
"""
running: dict[int, subprocess.Popen[str]] = {}


def run_inside(site: LiveSite, script: str) -> str:
    """Run the script where Django is set up; returns what it has put into `said`."""
    process = running.get(site.port) or _start(site)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{json.dumps(script)}\n")
    process.stdin.flush()
    answer = json.loads(process.stdout.readline())
    if "error" in answer:
        raise AssertionError(answer["error"])
    return str(answer["said"])


def _start(site: LiveSite) -> subprocess.Popen[str]:
    """It ends with this process, which holds its input."""
    process = subprocess.Popen(
        [sys.executable, "-c", LOOP], cwd=ROOT, env=site.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    running[site.port] = process
    atexit.register(process.kill)
    return process
