"""Keeps the search documents true, in the transaction that changes a package."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value

from marketplace.core.caching import age_ends
from registry.domain.capabilities import Family
from registry.domain.categories import category_of
from registry.domain.clients import clients_of
from registry.domain.search_words import WORD
from registry.domain.states import State
from registry.models import Package, PrivateSearchDocument, SearchDocument, SearchWord
from registry.selectors.overview import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from registry.domain.events import PackageChanged, VersionChanged

PROVIDERS: list[Callable[[int], Mapping[str, object]]] = []
D = TypeVar("D", SearchDocument, PrivateSearchDocument)
WORD_LEAST = 4
WORD_MOST = 40
TAGS_MOST = 30


def facts_provide(provider: Callable[[int], Mapping[str, object]]) -> None:
    """Upper apps say in `AppConfig.ready()` how the facts that they push are read for one package (by primary key)."""
    if provider not in PROVIDERS:
        PROVIDERS.append(provider)


def document_project(event: VersionChanged | PackageChanged) -> None:
    """Write the package's search document anew, or take it away."""
    document_write(Package.objects.select_related("latest", "publisher").get(pk=event.package_id))


@transaction.atomic
def document_write(package: Package) -> None:
    """Put the package where it can be found: among the public ones, the private ones, or nowhere."""
    transaction.on_commit(lambda: age_ends(CATALOGUE), robust=True)
    table, other = (
        (PrivateSearchDocument, SearchDocument) if package.is_private else (SearchDocument, PrivateSearchDocument)
    )
    other._default_manager.filter(package=package).delete()  # noqa: SLF001  (Django's documented name)
    if package.latest is None or package.latest.state != State.PUBLISHED:
        table._default_manager.filter(package=package).delete()  # noqa: SLF001
        return
    facts = _facts(package)
    for provider in PROVIDERS:
        facts |= provider(package.pk)
    if package.is_private:
        facts |= {"organization_id": package.organization_id, "owner_id": package.owner_id}
    table._default_manager.update_or_create(package=package, defaults=facts)  # noqa: SLF001
    if not package.is_private:
        words_learn(f"{package.name} {package.title} {package.summary} {' '.join(package.keywords)}")


def words_learn(text: str) -> None:
    """Keep the words of a public text; sorted, so that writers at the same time never wait for each other in a ring."""
    words = sorted({word for word in WORD.findall(text.lower()) if WORD_LEAST <= len(word) <= WORD_MOST})
    SearchWord.objects.bulk_create([SearchWord(word=word) for word in words], ignore_conflicts=True)


def _facts(package: Package) -> dict[str, object]:
    words = " ".join([package.name.replace("-", " "), package.name, package.publisher.name, package.title])
    about = " ".join([package.summary, *package.keywords, *package.tags, package.get_kind_display()])
    inside = package.latest.manifest.get("components", {}) if package.latest else {}
    names = " ".join(
        item["name"] for key in ("skills", "agents", "commands", "mcp_servers") for item in inside.get(key, [])
    )
    strip = package.latest.strip if package.latest else ""
    said = str(package.latest.manifest.get("category") or "") if package.latest else ""
    tags = sorted({word.strip().lower() for word in (*package.tags, *package.keywords) if word.strip()})[:TAGS_MOST]
    text = f"{package.name.replace('-', ' ')} {package.summary}"
    return {
        "category": category_of(chosen=package.category, said=said, keywords=tags, text=text),
        "tags": tags,
        "is_verified": package.publisher.is_verified,
        "clients": clients_of(package.kind, has_skills=bool(inside.get("skills"))),
        "strip": strip,
        "uses": [family.value for family, letter in zip(Family, strip, strict=False) if letter != "n"],
        "autonomy": package.latest.autonomy if package.latest else "",
        "tokens_always": package.latest.tokens_always if package.latest else 0,
        "name_key": package.name,
        "kind": package.kind,
        "licence": package.licence,
        "vector": SearchVector(Value(words), weight="A", config="english")
        + SearchVector(Value(about), weight="B", config="english")
        + SearchVector(Value(names.replace("-", " ")[:5000]), weight="C", config="english"),
        "updated_at": package.updated_at,
        "created_at": package.created_at,
    }


def popularity_push(counts: Mapping[int, int], growths: Mapping[int, int] | None = None) -> None:
    """Upper apps tell how often packages (by primary key) were installed in thirty days, and how that grows.

    A package that a mapping leaves out had none.
    """
    for field, numbers in (("popularity", counts), ("growth", growths)):
        if numbers is None:
            continue
        changed = SearchDocument.objects.exclude(**{field: 0}).values_list("package_id", flat=True)
        wanted = dict.fromkeys(changed, 0) | dict(numbers)
        documents = SearchDocument.objects.filter(package_id__in=wanted).only("package_id", field)
        rows = [document for document in documents if getattr(document, field) != wanted[document.package_id]]
        for row in rows:
            setattr(row, field, wanted[row.package_id])
        SearchDocument.objects.bulk_update(rows, [field], batch_size=500)


def ratings_push(facts: Mapping[int, tuple[float | None, float | None, int]]) -> None:
    """An upper app tells what ranks, what is shown and from how many reviews, by the package's primary key."""
    _ratings_write(SearchDocument, facts)
    _ratings_write(PrivateSearchDocument, facts)


def _ratings_write(table: type[D], facts: Mapping[int, tuple[float | None, float | None, int]]) -> None:
    fields = ("rating", "rating_mean", "rating_count")
    found = table._default_manager.filter(package_id__in=facts).only("package_id", *fields)  # noqa: SLF001  (Django's documented name)
    rows = [row for row in found if tuple(getattr(row, field) for field in fields) != facts[row.package_id]]
    for row in rows:
        row.rating, row.rating_mean, row.rating_count = facts[row.package_id]
    table._default_manager.bulk_update(rows, fields, batch_size=500)  # noqa: SLF001  (likewise)


def facts_push(package_id: int, **facts: object) -> None:
    """An upper app tells one package's `price_from` and `has_trial`."""
    for table in (SearchDocument, PrivateSearchDocument):
        table._default_manager.filter(package_id=package_id).update(**facts)  # noqa: SLF001  (Django's documented name)


def search_rebuild() -> int:
    """Write every document anew; returns how many packages were looked at."""
    packages = Package.objects.select_related("latest", "publisher").order_by("pk")
    count = 0
    for package in packages.iterator(chunk_size=500):
        document_write(package)
        count += 1
    return count
