"""Search through the API of one web process, by number of packages: how long it takes, and whether the right is first.

`script/bench search [--corpus FILE] [--sizes 1000,10000,100000] [--json FILE]`: FILE has lines of name, summary and
popularity with tabs between; without one the corpus is made up. Fails when a p95 at 100,000 is 60 ms or more, or twice
that at 1,000, and when known items are found worse than MRR@10 0.99 (by name), 0.85 (by three words of the summary),
0.85 (by a name with two letters swapped).
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import statistics
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from house.bench import corpus, sites, table
from house.console import say, step
from house.virtualenv import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from house.bench.corpus import Item
    from tests.live_site import LiveSite

OWNER = "acme-bench"
EACH = 200
P95_MOST, RATIO_MOST, FULL, SMALL = 60.0, 2.0, 100_000, 1_000
MRR_LEAST = {"names": 0.99, "three words of the summary": 0.85, "two letters swapped": 0.85}
RENAME = """
from django.db import connection
from marketplace.core import tenancy
with tenancy.bound(tenancy.SYSTEM), connection.cursor() as cursor:
    cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS bench_corpus (i int PRIMARY KEY, name text, about text, "
                   "popularity bigint)")
    cursor.execute("TRUNCATE bench_corpus")
    with cursor.copy("COPY bench_corpus FROM STDIN") as copy, open({path!r}, encoding="utf-8") as lines:
        for line in lines:
            copy.write(line)
    owned = "(SELECT p.id, row_number() OVER (ORDER BY p.id) AS i FROM registry_package p JOIN registry_publisher o" \\
            " ON o.id = p.publisher_id WHERE o.name = {owner!r}) n JOIN bench_corpus c USING (i)"
    cursor.execute("UPDATE registry_package p SET name = 'x' || p.id")
    cursor.execute("UPDATE registry_package p SET name = c.name, full_name = '@{owner}/' || c.name, summary = c.about "
                   "FROM " + owned + " WHERE p.id = n.id")
    cursor.execute(
        "UPDATE registry_searchdocument d SET name_key = c.name, popularity = c.popularity, "
        "category = CASE WHEN c.i % 50 = 0 THEN 'testing' ELSE '' END, "
        "vector = setweight(to_tsvector('english', replace(c.name, '-', ' ') || ' ' || c.name), 'A') "
        "|| setweight(to_tsvector('english', c.about), 'B') FROM " + owned + " WHERE d.package_id = n.id")
    cursor.execute(
        "INSERT INTO registry_searchword (word) SELECT DISTINCT word FROM bench_corpus, "
        "regexp_split_to_table(lower(name || ' ' || about), '[^a-z0-9]+') word WHERE length(word) BETWEEN 4 AND 40 "
        "ON CONFLICT DO NOTHING")
said = "done"
"""


@dataclass
class Asker:
    """One reader with one connection that stays open, whose address changes so that no limit is met."""

    port: int
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        """Connect at the first question."""
        self.connection = http.client.HTTPConnection("localhost", self.port, timeout=60)

    def ask(self, path: str) -> tuple[float, bytes]:
        """Milliseconds and the answer; raises RuntimeError for what is not 200."""
        number = next(self.numbers)
        address = f"198.18.{number // 250 % 250}.{number % 250 + 1}"
        began = time.perf_counter()
        self.connection.request("GET", path, headers={"X-Forwarded-For": address, "Accept": "application/json"})
        answer = self.connection.getresponse()
        body = answer.read()
        span = (time.perf_counter() - began) * 1000
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"{path}: {answer.status} {body[:200]!r}")
        return span, body


def main(argv: Sequence[str]) -> int:
    """Fill a site step by step and ask it; returns 1 when a bound is passed."""
    parser = argparse.ArgumentParser(prog="script/bench search")
    parser.add_argument("--corpus", type=Path, help="lines of name, summary, popularity, with tabs between")
    parser.add_argument("--sizes", default="1000,10000,100000", help="numbers of packages, rising")
    parser.add_argument("--each", type=int, default=EACH, help="questions of a kind")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    sys.path.append(str(ROOT))
    sizes = sorted({int(size) for size in options.sizes.split(",")})
    items = corpus.read(options.corpus, sizes[-1])
    with ExitStack() as stack:
        rows, known = _measured(stack, items, sizes, options.each)
    table.show(rows)
    table.show(known)
    if options.json:
        table.save(options.json, [*rows, *known])
    complaints = [*_slow(rows), *_missed(known)]
    for complaint in complaints:
        say(complaint)
    return int(bool(complaints))


def _measured(
    stack: ExitStack, items: Sequence[Item], sizes: Sequence[int], each: int
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    from tests import live_site, servers  # noqa: PLC0415  (needs the virtual environment)
    from tests.clients import packages as kinds  # noqa: PLC0415  (likewise)
    from tests.clients.visitor import person, publish  # noqa: PLC0415  (likewise)

    with step("Starting the site"):
        server = stack.enter_context(servers.postgres())
        site = stack.enter_context(live_site.live_site(server, trusted_proxies="1"))
        name = publish(site, person(site, OWNER), kinds.skill("tidy")).rpartition("@")[0]
        site.wait_until_idle()
        site.stop("worker")
        site.stop("beat")
    rows: list[dict[str, object]] = []
    known: list[dict[str, object]] = []
    there = 1
    for size in sizes:
        with step(f"Filling it with {size} packages"):
            name = _fill(site, name, there, size, items)
            there = size
        asker, asked = Asker(site.port), corpus.questions(items[:size], each)
        rows += _spans(asker, size, asked)
        known += _known(asker, size, asked)
    return rows, known


def _fill(site: LiveSite, name: str, there: int, size: int, items: Sequence[Item]) -> str:
    """Copies up to `size`, then every name and summary from the corpus; the new name of the first package."""
    import psycopg  # noqa: PLC0415  (needs the virtual environment)

    from tests.clients.inside import run_inside  # noqa: PLC0415  (likewise)

    if size > there:
        sites.grow(site, name, first=there, last=size - 1)
    path = site.data_dir / "corpus.tsv"
    lines = (f"{at}\t{item.name}\t{item.summary}\t{item.popularity}\n" for at, item in enumerate(items[:size], 1))
    path.write_text("".join(lines), encoding="utf-8")
    run_inside(site, RENAME.format(path=str(path), owner=OWNER))
    with psycopg.connect(site.database_url_owner, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return f"@{OWNER}/{items[0].name}"


def _spans(asker: Asker, size: int, asked: corpus.Questions) -> list[dict[str, object]]:
    api = "/api/v1/packages?q={}"
    kinds = {
        "common word": [api.format(quote(query)) for query, _ in asked.common],
        "rare words": [api.format(quote(query)) for query, _ in asked.rare],
        "name": [api.format(quote(query)) for query, _ in asked.names],
        "typo": [api.format(quote(query)) for query, _ in asked.swapped],
        "filter that keeps 2 %": [f"{api.format(quote(query))}&category=testing" for query, _ in asked.common],
        "facets": [f"/api/v1/packages/facets?q={quote(query)}" for query, _ in asked.common],
        "type-ahead": [f"/search/suggest?q={quote(name[:4])}" for name, _ in asked.names],
    }
    found = []
    for kind, paths in kinds.items():
        asker.ask(paths[0])
        spans = sorted(asker.ask(path)[0] for path in paths)
        p95 = spans[min(int(len(spans) * 0.95), len(spans) - 1)]
        found.append({"packages": size, "asked": kind, "p50 ms": statistics.median(spans), "p95 ms": p95})
    return found


def _known(asker: Asker, size: int, asked: corpus.Questions) -> list[dict[str, object]]:
    sets = {"names": asked.names, "three words of the summary": asked.summaries, "two letters swapped": asked.swapped}
    return [
        {"packages": size, "known item by": what, "MRR@10": round(_mrr(asker, set_), 3)} for what, set_ in sets.items()
    ]


def _mrr(asker: Asker, asked: Sequence[tuple[str, str]]) -> float:
    total = 0.0
    for query, meant in asked:
        _span, body = asker.ask(f"/api/v1/packages?q={quote(query)}")
        names = [row["name"] for row in json.loads(body)["results"][:10]]
        total += 1 / (names.index(meant) + 1) if meant in names else 0
    return total / max(len(asked), 1)


def _slow(rows: Sequence[dict[str, object]]) -> list[str]:
    spans = {(row["packages"], row["asked"]): float(str(row["p95 ms"])) for row in rows}
    found = []
    for (size, kind), p95 in spans.items():
        small = spans.get((SMALL, kind))
        if size == FULL and p95 >= P95_MOST:
            found.append(f"{kind}: p95 {p95:.0f} ms at {size:,}; wanted under {P95_MOST:.0f}.")
        if size == FULL and small and p95 >= RATIO_MOST * small:
            found.append(f"{kind}: p95 {p95 / small:.1f} times that at {SMALL:,}; wanted under {RATIO_MOST:.0f}.")
    return found


def _missed(known: Sequence[dict[str, object]]) -> list[str]:
    found = []
    for row in known:
        least = MRR_LEAST[str(row["known item by"])]
        if float(str(row["MRR@10"])) < least:
            found.append(f"{row['known item by']}: MRR@10 {row['MRR@10']} at {row['packages']:,}; wanted {least}.")
    return found
