"""Judged queries over the demo catalogue: each line of judged.tsv names a package and what people type to find it."""

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

LINES = Path(__file__).with_name("judged.tsv").read_text(encoding="utf-8").splitlines()
JUDGED = [(query, name) for name, *queries in (line.split("\t") for line in LINES) for query in queries]
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


@pytest.mark.usefixtures("catalogue")
@pytest.mark.django_db
def test_the_judged_queries_find_what_they_are_for() -> None:
    assert len(JUDGED) >= 120
    names = dict(SearchDocument.objects.values_list("pk", "name_key"))
    gains: list[float] = []
    poor: list[str] = []
    for query, wanted in JUDGED:
        found = [names[pk] for pk in search(query=query, size=FIRST).ids]
        gains.append(1 / math.log2(found.index(wanted) + 2) if wanted in found else 0.0)
        if gains[-1] < 0.6:
            poor.append(f"{query} -> {found[:3]}, not {wanted}")
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
