"""Judged queries over the demo catalogue.

Each line of judged.tsv names a package and what people type to find it. Each line of judged_sets.tsv is a query that
several packages answer: those that fit it best, and those that are of use too.
"""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from marketplace.core import tenancy
from marketplace.core.demo import FOLDER
from marketplace.models import User
from registry.domain.archives import read_tree
from registry.domain.formats import detect
from registry.domain.semver import SemVer
from registry.models import Package, Publisher, SearchDocument, Version
from registry.selectors.search import search
from registry.services.artifacts import artifact_store_bytes
from registry.services.lifecycle import listing_facts
from registry.services.search import document_write

BEST, USEFUL = 2, 1


def lines(name: str) -> list[list[str]]:
    """The lines of a table beside this file, by column."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()]


JUDGED = [(query, {name: BEST}) for name, *queries in lines("judged.tsv") for query in queries] + [
    (query, dict.fromkeys(useful.split(), USEFUL) | dict.fromkeys(best.split(), BEST))
    for query, best, useful in lines("judged_sets.tsv")
]
FIRST = 10
LEAST_NDCG = 0.80


@pytest.fixture
def catalogue() -> None:
    """The search documents of the demo catalogue's newest versions."""
    with tenancy.bound(tenancy.SYSTEM):
        owner = User.objects.create_user("wren@example.com")
        source = artifact_store_bytes(b"content", media_type="application/zip")
        for folder in sorted((FOLDER / "packages").glob("*/*")):
            newest = max(folder.iterdir(), key=lambda path: SemVer.parse(path.name).sortable)
            (entry,) = detect(read_tree(newest)).entries
            publisher = Publisher.objects.get_or_create(name=folder.parent.name, defaults={"user": owner})[0]
            package = Package.objects.create(
                publisher=publisher, name=folder.name, full_name=f"@{publisher.name}/{folder.name}", kind=entry.kind
            )
            version = Version.objects.create(
                package=package,
                number=newest.name,
                sort_key=SemVer.parse(newest.name).sortable,
                state="published",
                format=entry.format,
                digest=entry.content.digest,
                source=source,
                manifest=entry.manifest.as_json(),
                signature="s",
                published_at=owner.date_joined,
            )
            for field, value in listing_facts(version).items():
                setattr(package, field, value)
            package.latest = version
            package.save()
            document_write(package)


def gain(grades: list[int]) -> float:
    """The discounted cumulative gain of what was found, in its order."""
    return math.fsum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades[:FIRST]))


@pytest.mark.usefixtures("catalogue")
@pytest.mark.django_db
def test_the_judged_queries_find_what_they_are_for() -> None:
    assert len({query for query, _wanted in JUDGED}) >= 150
    names = dict(SearchDocument.objects.values_list("pk", "name_key"))
    gains: list[float] = []
    poor: list[str] = []
    for query, wanted in JUDGED:
        found = [names[pk] for pk in search(query=query, size=FIRST).ids]
        gains.append(gain([wanted.get(name, 0) for name in found]) / gain(sorted(wanted.values(), reverse=True)))
        if gains[-1] < 0.6:
            poor.append(f"{gains[-1]:.2f} {query} -> {found[:4]}, not {list(wanted)}")
    assert sum(gains) / len(gains) >= LEAST_NDCG, "\n".join(poor)


@pytest.mark.usefixtures("catalogue")
@pytest.mark.django_db
def test_names_and_names_with_two_letters_swapped_find_their_package_first() -> None:
    names = dict(SearchDocument.objects.values_list("pk", "name_key"))
    ranks, swapped = [], []
    for name in names.values():
        found = [names[pk] for pk in search(query=name, size=FIRST).ids]
        ranks.append(1 / (found.index(name) + 1) if name in found else 0)
        middle = len(name) // 2
        slip = name[: middle - 1] + name[middle] + name[middle - 1] + name[middle + 1 :]
        near = [names[pk] for pk in search(query=slip, size=FIRST).ids]
        swapped.append(1 / (near.index(name) + 1) if name in near else 0)
    assert sum(ranks) / len(ranks) >= 0.99
    assert sum(swapped) / len(swapped) >= 0.85
