"""Public pages as a first visitor gets them on a slow telephone: bytes, scripts, largest paint, shifts, first byte.

`script/bench pages [--packages N] [--lighthouse] [--json FILE]`: 1.6 Mbit/s down, 150 ms there and back, the processor
four times slower; the first byte is measured apart, at full speed, with N packages besides the demo's. Fails above
120 KB a page, 45 KB of scripts, 1.5 s to the largest paint, any shift, or 100 ms (p95) to the first byte; with
`--lighthouse` (fetched by npm once) also below its wanted scores on home, search and a package.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from house.bench import sites, table
from house.console import Refused, say, step
from house.virtualenv import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Browser

OWNER = "acme-bench"
LIGHTHOUSE = "lighthouse@13.5.0"
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
SLOWER = 4
CHROME = "--headless=new --no-sandbox --disable-gpu"
VISITS = 60
MOST = {"KB": 120.0, "script KB": 45.0, "LCP ms": 1500.0, "CLS": 0.0, "TTFB p95 ms": 100.0}
SCORES = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
SCORED = ("home", "search", "package")
WATCH = """
window.seen = {lcp: 0, cls: 0};
new PerformanceObserver(list => { for (const entry of list.getEntries()) window.seen.lcp = entry.startTime; })
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => { for (const entry of list.getEntries()) window.seen.cls += entry.value; })
  .observe({type: "layout-shift", buffered: true});
"""


def main(argv: Sequence[str]) -> int:
    """Visit every public page of the demo; returns 1 when a bound is passed."""
    parser = argparse.ArgumentParser(prog="script/bench pages")
    parser.add_argument("--packages", type=int, default=0, help="how many packages besides the demo's")
    parser.add_argument("--lighthouse", action="store_true", help="also its scores on home, search and a package")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    sys.path.append(str(ROOT))
    with ExitStack() as stack:
        rows, scores = _measured(stack, options.packages, with_lighthouse=options.lighthouse)
    table.show(rows)
    table.show(scores)
    if options.json:
        table.save(options.json, [*rows, *scores])
    complaints = [
        f"{row['page']}: {name} {row[name]}, wanted at most {most:g}."
        for row in rows
        for name, most in MOST.items()
        if float(str(row[name])) > most
    ]
    complaints += [
        f"{row['page']}: {name} {row[name]}, wanted {least}."
        for row in scores
        for name, least in SCORES.items()
        if int(str(row[name])) < least
    ]
    for complaint in complaints:
        say(complaint)
    return int(bool(complaints))


def _measured(
    stack: ExitStack, packages: int, *, with_lighthouse: bool
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (needs the virtual environment)

    from tests import live_site, servers  # noqa: PLC0415  (likewise)
    from tests.browser import chromium  # noqa: PLC0415  (likewise)
    from tests.browser.pages import PAGES  # noqa: PLC0415  (likewise)

    with step("Starting the site with the demo data"):
        server = stack.enter_context(servers.postgres())
        site = stack.enter_context(live_site.live_site(server, demo="1", trusted_proxies="1"))
        site.manage("demo_load")
        site.wait_until_idle(240)
    if packages:
        with step(f"Adding {packages} packages"):
            _grow(site, packages)
    public = [page for page in PAGES if not page.who]
    with step("Asking for first bytes"):
        first = {page.name: _first_bytes(site.port, page.path) for page in public}
    playwright = stack.enter_context(sync_playwright())
    options = [*chromium.OPTIONS, "--force-prefers-reduced-motion"]
    browser = playwright.chromium.launch(executable_path=chromium.chromium(), args=options)
    stack.callback(browser.close)
    with step("Visiting every page"):
        rows = [{"page": page.name, **_visit(browser, site.url + page.path), **first[page.name]} for page in public]
    if not with_lighthouse:
        return rows, []
    with step("Asking Lighthouse"):
        paths = {page.name: page.path for page in public if page.name in SCORED}
        return rows, [{"page": name, **_scores(site.url + path)} for name, path in paths.items()]


def _grow(site: Any, packages: int) -> None:
    from tests.clients import packages as kinds  # noqa: PLC0415  (needs the virtual environment)
    from tests.clients.visitor import person, publish  # noqa: PLC0415  (likewise)

    name = publish(site, person(site, OWNER), kinds.skill("tidy")).rpartition("@")[0]
    site.wait_until_idle()
    site.stop("beat")
    site.stop("worker")
    sites.grow(site, name, first=1, last=packages)


def _first_bytes(port: int, path: str) -> dict[str, object]:
    """The slowest twentieth of some visits, each by somebody else, from the question to the first byte."""
    spans = []
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    for number in range(VISITS):
        began = time.perf_counter()
        connection.request("GET", path, headers={"X-Forwarded-For": f"198.18.1.{number + 1}", "Accept": "text/html"})
        answer = connection.getresponse()
        spans.append((time.perf_counter() - began) * 1000)
        answer.read()
    spans = sorted(spans[1:])
    return {"TTFB p50 ms": round(spans[len(spans) // 2], 1), "TTFB p95 ms": round(spans[int(len(spans) * 0.95)], 1)}


def _visit(browser: Browser, url: str) -> dict[str, object]:
    """A first visit: everything that was sent, and what the visitor saw of it."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, is_mobile=True, device_scale_factor=2)
    page = context.new_page()
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}
    session.on("Network.responseReceived", lambda told: kinds.update({told["requestId"]: told["type"]}))
    session.on("Network.loadingFinished", lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}))
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url, wait_until="networkidle")
    seen = page.evaluate("window.seen")
    context.close()
    scripts = sum(size for key, size in sizes.items() if kinds.get(key) == "Script")
    return {
        "requests": len(sizes),
        "KB": round(sum(sizes.values()) / 1024, 1),
        "script KB": round(scripts / 1024, 1),
        "LCP ms": round(seen["lcp"]),
        "CLS": round(seen["cls"], 4),
    }


def _scores(url: str) -> dict[str, object]:
    """What Lighthouse says of a page on a telephone, from 0 to 100; raises Refused without it."""
    from tests.browser import chromium  # noqa: PLC0415  (needs the virtual environment)
    from tests.clients import install  # noqa: PLC0415  (likewise)

    home = install.cache() / LIGHTHOUSE.replace("@", "-")
    program = home / "node_modules/lighthouse/cli/index.js"
    if not program.exists():
        home.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(home), LIGHTHOUSE]
        subprocess.run(command, check=True, capture_output=True, timeout=600)  # noqa: S603  (npm, our own arguments)
    options = ["--output=json", "--quiet", f"--chrome-flags={CHROME}", f"--only-categories={','.join(SCORES)}"]
    done = subprocess.run(  # noqa: S603  (a site of our own)
        [*install.command("node"), str(program), url, *options],
        env=os.environ | {"CHROME_PATH": chromium.chromium()},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        raise Refused(f"Lighthouse says of {url}: {done.stderr[-500:]}")
    report = json.loads(done.stdout)["categories"]
    return {name: round(report[name]["score"] * 100) for name in SCORES}
