"""Moderation at size: the queue of 100,000 cases, sealing 1,000,000 audit rows, ratings of 1,000,000 reviews.

`script/bench moderation [--quick] [--json FILE]`: on a PostgreSQL and a Valkey of its own that are gone afterwards;
`--quick` takes a fiftieth of everything. Rows are copied from a few that the product's own services made.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from house import signing
from house.bench import table
from house.console import say, step
from house.virtualenv import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

CASES, ROWS, REVIEWS, PACKAGES = 100_000, 1_000_000, 1_000_000, 10_000
QUICK = 50
ASKED = 40
PORT = 8000


def main(argv: Sequence[str]) -> int:
    """Fill a database, measure, print the figures; 1 when the list's p95 is above 200 ms."""
    parser = argparse.ArgumentParser(prog="script/bench moderation")
    parser.add_argument("--quick", action="store_true", help="a fiftieth of everything")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    sys.path.insert(0, str(ROOT))
    share = QUICK if options.quick else 1
    with _site():
        rows = list(_measured(share))
    table.show(rows)
    if options.json:
        table.save(options.json, rows)
    return 0 if all(row["p95 ms"] < row["most ms"] for row in rows if row.get("most ms")) else 1  # type: ignore[operator]  # a table of both words and numbers


@contextmanager
def _site() -> Iterator[None]:
    """Django on a database and a cache of this run."""
    from tests import live_site, servers  # noqa: PLC0415  (the path is set before)

    with (
        servers.postgres() as server,
        servers.valkey() as cache,
        server.clone() as database,
        servers.folder("bench") as data,
    ):
        signing.ensure(data / "signing.pem")
        os.environ |= live_site._environment(PORT, data, database, cache) | {"LOG_LEVEL": "WARNING"}  # noqa: SLF001  (the settings of a live site)
        import django  # noqa: PLC0415  (its settings stand in the environment that was just made)

        django.setup()
        from django.conf import settings  # noqa: PLC0415  (likewise)
        from django.db import connections  # noqa: PLC0415  (likewise)

        from marketplace.core import tenancy  # noqa: PLC0415  (likewise)

        settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        with tenancy.bound(tenancy.SYSTEM):
            yield
        connections.close_all()


def _measured(share: int) -> Iterator[dict[str, object]]:
    from marketplace.services.sealing import audit_seal, audit_verify  # noqa: PLC0415  (Django is ready only now)
    from reviews.services.ratings import rating_recompute, ratings_recompute  # noqa: PLC0415  (likewise)

    package, moderator = _seeds()
    with step("Copying packages, reviews and cases"):
        _fill(package, share)
    yield from _queue(moderator, share)
    count = REVIEWS // share
    yield _row("ratings of all packages", count, lambda: _expect(ratings_recompute(), PACKAGES // share))
    yield _row("rating of one package", count, lambda: rating_recompute(package=package), times=10)
    with step("Copying audit rows"):
        _copy("marketplace.AuditEntry", ROWS // share)

    def seal() -> None:
        while audit_seal():
            pass

    yield _row("sealing audit rows", ROWS // share, seal)
    yield _row("verifying the chain", ROWS // share, lambda: _expect(audit_verify(), None))


def _queue(moderator: Any, share: int) -> Iterator[dict[str, object]]:
    from django.conf import settings  # noqa: PLC0415  (Django is ready only now)
    from django.test import Client  # noqa: PLC0415  (likewise)

    from reviews.models import Case  # noqa: PLC0415  (likewise)

    client = Client(HTTP_HOST=settings.BASE_URL.split("://", 1)[1])
    client.force_login(moderator)
    risky = Case.objects.order_by("-risk").values_list("pk", flat=True)[0]
    for name, path in (
        ("queue, by risk", "/admin/reviews/case/"),
        ("queue, late ones", "/admin/reviews/case/?turn=late"),
        ("queue, page 40", "/admin/reviews/case/?p=40"),
        ("one case", f"/admin/reviews/case/{risky}/change/"),
    ):
        yield _row(name, CASES // share, lambda path=path: _page(client, path), times=ASKED, most=200)  # type: ignore[misc]  # the path of this turn


def _page(client: Any, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:  # noqa: PLR2004  (HTTP)
        raise RuntimeError(f"{path}: {answer.status_code}")


def _expect(found: object, wanted: object) -> None:
    if found != wanted:
        raise RuntimeError(f"{found} instead of {wanted}")


def _row(name: str, count: int, act: Callable[[], object], *, times: int = 1, most: int = 0) -> dict[str, object]:
    """Do it `times` times and say how long it took."""
    if times > 1:
        act()
    spans = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        spans.append((time.perf_counter() - began) * 1000)
    spans.sort()
    p95 = spans[min(int(len(spans) * 0.95), len(spans) - 1)]
    say(f"{name}: {p95:,.0f} ms")
    return {"what": name, "rows": count, "median ms": statistics.median(spans), "p95 ms": p95, "most ms": most}


def _seeds() -> tuple[Any, Any]:
    """One published package, a review of it, a case, and a moderator with a second factor."""
    from allauth.mfa.totp.internal.auth import TOTP  # noqa: PLC0415  (Django is ready only now)

    from tests.reviews import world  # noqa: PLC0415  (likewise)

    ann = world.person("ann")
    package = world.package_of(world.release(world.publisher(ann), ann))
    world.reviewed(package, "bob", 4)
    moderator = world.person("mod", is_senior=True)
    TOTP.activate(moderator, "JBSWY3DPEHPK3PXP")
    return package, moderator


def _fill(package: Any, share: int) -> None:
    """Packages with their versions, reviews of them, and an open case of each of the last reviews."""
    from registry.models import Package  # noqa: PLC0415  (Django is ready only now)
    from reviews.models import Case, Review  # noqa: PLC0415  (likewise)
    from reviews.services.cases import case_open  # noqa: PLC0415  (likewise)

    packages, reviews, cases = PACKAGES // share, REVIEWS // share, CASES // share
    _copy(
        "registry.Package",
        packages - 1,
        name="'p' || g",
        full_name="'@acme/p' || g",
        latest_id="NULL",
        shared_id="NULL",
    )
    first = Package.objects.get(name="p1").pk
    _copy("reviews.Rating", packages - 1, package_id=f"{first - 1} + g")
    review = Review.objects.order_by("pk").first()
    case_open(subject=review, source="report", risk=1)
    _copy(
        "reviews.Review",
        reviews,
        author_id="NULL",
        package_id=f"{first} + g % {packages - 1}",
        stars="1 + g % 5",
        created_at="now() - g * interval '20 seconds'",
    )
    _copy(
        "reviews.Case",
        cases,
        review_id=f"{review.pk if review else 0} + g",
        risk="(g * 7919) % 100",
        opened_at="now() - g * interval '30 seconds'",
        due_at="now() + (g % 1000 - 200) * interval '1 minute'",
        subject_name="'Review ' || g",
    )
    Case.objects.filter(risk=99).update(is_urgent=True)
    _tidy()
    say(f"{packages:,} packages, {reviews:,} reviews, {cases:,} cases about {package.full_name} and others")


def _copy(label: str, count: int, **changed: str) -> None:
    """Copy the model's first row `count` times; `changed` columns are SQL in which `g` counts from one."""
    from django.apps import apps  # noqa: PLC0415  (Django is ready only now)

    model = apps.get_model(label)
    columns = [field.column for field in model._meta.concrete_fields]
    sql = {"public_id": "gen_random_uuid()"} | changed
    kept = [name for name in columns if name != "id"]
    key = model._meta.pk.column if model._meta.pk else "id"
    words = ", ".join(sql.get(name, f'seed."{name}"') for name in kept)
    named = ", ".join(f'"{name}"' for name in kept)
    seed = f'(SELECT * FROM "{model._meta.db_table}" ORDER BY "{key}" LIMIT 1) AS seed'  # noqa: S608  (names of our own tables)
    rows = f"{seed}, generate_series(1, {count}) AS g"
    _run(f'INSERT INTO "{model._meta.db_table}" ({named}) SELECT {words} FROM {rows}')  # noqa: S608  (likewise)


def _tidy() -> None:
    """What the database would do by itself in the next minutes, beside the measurements."""
    import psycopg  # noqa: PLC0415  (needs the virtual environment)

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _run(sql: str) -> None:
    from django.db import connection  # noqa: PLC0415  (Django is ready only now)

    with connection.cursor() as cursor:
        cursor.execute(sql)
