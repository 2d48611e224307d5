"""The npm registry against Verdaccio, and the cache before web against plain files; one core for each server.

`script/bench npm [--seconds S] [--packages N] [--json FILE]`. Needs two cores, npm, `wrk` and `nginx`. `times` compares
with Verdaccio; behind nginx, with nginx giving away the same bytes as a file.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from house import processes
from house.bench import sites, table
from house.bench.load import Case, Rate, load, once
from house.console import say, step
from house.virtualenv import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.live_site import LiveSite

SERVER, CLIENT = 0, 1
SHORT = {"Accept": "application/vnd.npm.install-v1+json", "Accept-Encoding": "gzip"}
MANY = 100
SIZES = {"10 KB": 10_000, "1 MB": 1_000_000}
OWNER = "acme-bench"


def main(argv: Sequence[str]) -> int:
    """Measure every case on both servers, one after the other."""
    parser = argparse.ArgumentParser(prog="script/bench npm")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--packages", type=int, default=1000, help="how many packages search looks through")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    sys.path.append(str(ROOT))
    with TemporaryDirectory() as folder, ExitStack() as stack:
        rows = _measured(Path(folder), stack, options)
    table.show(rows)
    if options.json:
        table.save(options.json, rows)
    return 0


def _measured(folder: Path, stack: ExitStack, options: argparse.Namespace) -> list[dict[str, object]]:
    from tests import live_site, servers  # noqa: PLC0415  (needs the virtual environment)
    from tests.clients import nginx  # noqa: PLC0415  (likewise)

    front, refresh = processes.free_port(), processes.free_port()
    url = f"http://localhost:{front}"
    with step("Starting the site"):
        server = stack.enter_context(servers.postgres())
        site = stack.enter_context(live_site.live_site(server, base_url=url, trusted_proxies="1"))
    with step("Filling it"):
        _fill(site, options.packages)
        site.wait_until_idle(300)
        site.stop("worker")
        site.stop("beat")
        sites.pin(site, SERVER)
    rows = []
    base = f"http://127.0.0.1:{site.port}/npm"
    cases = _cases(base, url.removeprefix("http://"))
    ours = {case.name: load(case, seconds=options.seconds, core=CLIENT) for case in cases}
    with step("Starting Verdaccio"):
        with sites.verdaccio(folder, SERVER) as other:
            _fill_other(other)
        sites.copy_packages(folder, f"@{OWNER}/one", options.packages)
        other = stack.enter_context(sites.verdaccio(folder, SERVER))
    theirs = {case.name: _served(case, options.seconds) for case in _cases(other, "")}
    for case in cases:
        rows.append(_row("web", case.name, ours[case.name], theirs[case.name].each_second))
        rows.append(_row("Verdaccio", case.name, theirs[case.name], None))
    if nginx.program() is None:
        say("nginx is missing, so the cache before web is not measured: apt-get install nginx-light")
        return rows
    return rows + _cached(folder, stack, nginx.Ports(front, refresh, site.port), options.seconds)


def _cached(folder: Path, stack: ExitStack, ports: Any, seconds: float) -> list[dict[str, object]]:
    """The same documents and bytes behind the shipped configuration, and as files of the same nginx."""
    from tests.clients import nginx  # noqa: PLC0415  (needs the virtual environment)

    place = folder / "nginx"
    place.mkdir()
    stack.enter_context(nginx.nginx(ports, place, core=SERVER, files=True))
    rows = []
    for case in _cases(f"http://127.0.0.1:{ports.site}/npm", f"localhost:{ports.site}"):
        if "search" in case.name or "304" in case.name:
            continue
        headers = {name.replace("-", "_"): value for name, value in case.headers.items()}
        answer = nginx.ask(case.url, **headers)
        name = case.name.replace(" ", "-")
        (place / "files" / name).write_bytes(answer.body)
        plain = Case(case.name, f"http://127.0.0.1:{ports.site}/files/{name}", {"Host": "files.localhost"})
        still = load(plain, seconds=seconds, core=CLIENT)
        kept = load(case, seconds=seconds, core=CLIENT)
        rows += [_row("nginx, kept", case.name, kept, still.each_second), _row("nginx, file", case.name, still, None)]
    return rows


def _cases(base: str, host: str) -> list[Case]:
    sent = {"Host": host} if host else {}
    name = f"@{OWNER}/one"
    cases = [
        Case("packument, 1 version", f"{base}/{name}", SHORT | sent),
        Case(f"packument, {MANY} versions", f"{base}/@{OWNER}/many", SHORT | sent),
        Case("packument, 304", f"{base}/{name}", SHORT | sent | {"If-None-Match": "*"}),
        *(
            Case(f"tarball, {size}", f"{base}/@{OWNER}/{_sized(size)}/-/{_sized(size)}-1.0.0.tgz", sent)
            for size in SIZES
        ),
        Case("search", f"{base}/-/v1/search?text=reviews&size=20", sent),
    ]
    return [_with_etag(case) if "304" in case.name else case for case in cases]


def _with_etag(case: Case) -> Case:
    from tests.clients import nginx  # noqa: PLC0415  (needs the virtual environment)

    asked = {key.replace("-", "_"): value for key, value in case.headers.items() if key != "If-None-Match"}
    etag = nginx.ask(case.url, **asked).headers["etag"]
    return Case(case.name, case.url, {**case.headers, "If-None-Match": etag})


def _fill(site: LiveSite, packages: int) -> None:
    from tests.clients.visitor import ask, person  # noqa: PLC0415  (needs the virtual environment)

    by = person(site, OWNER)
    headers = {"Authorization": f"Bearer {by.token}", "Content-Type": "application/json"}
    for name, body in _bodies():
        status, said = ask(site, f"/npm/{name}", json.dumps(body).encode(), method="PUT", **headers)
        if status >= 400:  # noqa: PLR2004  (HTTP)
            raise AssertionError(f"{name}: {said.decode()[:500]}")
        site.wait_until_idle(120)
    sites.release(site, f"@{OWNER}/many", MANY)
    if packages:
        sites.grow(site, f"@{OWNER}/one", first=1, last=packages)


def _served(case: Case, seconds: float) -> Rate:
    """Under load; a search that takes longer than that is asked once, alone."""
    alone = once(case) if case.name == "search" else None
    return alone if alone and alone.p50 > seconds * 1000 else load(case, seconds=seconds, core=CLIENT)


def _fill_other(url: str) -> None:
    from tests.installs.npm_bodies import publication  # noqa: PLC0415  (needs the virtual environment)

    for name, body in _bodies():
        sites.put(url, name, body)
    for number in range(1, MANY):
        sites.put(url, f"@{OWNER}/many", publication(f"@{OWNER}/many", f"1.0.{number}"))


def _bodies() -> list[tuple[str, Any]]:
    from tests.installs.npm_bodies import publication, tarball  # noqa: PLC0415  (needs the virtual environment)

    told = []
    for name in ("one", "many", *map(_sized, SIZES)):
        full = f"@{OWNER}/{name}"
        size = next((SIZES[key] for key in SIZES if _sized(key) == name), 0)
        data = tarball(full, "1.0.0", files={"notes.md": _noise(size)} if size else None)
        told.append((full, publication(full, "1.0.0", data)))
    return told


def _noise(size: int) -> str:
    """Text that does not get shorter when it is packed."""
    chosen = random.Random(1)  # noqa: S311  (the same text each time, no secret)
    return "".join(chr(chosen.randrange(33, 127)) for _ in range(int(size * 1.2)))


def _sized(size: str) -> str:
    return f"of-{size.lower().replace(' ', '')}"


def _row(server: str, case: str, rate: Rate, base: float | None) -> dict[str, object]:
    return {
        "server": server,
        "case": case,
        "requests/s": round(rate.each_second, 1),
        "p50 ms": round(rate.p50, 2),
        "p95 ms": round(rate.p95, 2),
        "failed": rate.failed + rate.refused,
        "times": round(rate.each_second / base, 2) if base else "",
    }
