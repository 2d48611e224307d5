"""Keeps the search documents true, in the transaction that changes a package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value

from registry.domain.capabilities import Family
from registry.domain.states import State
from registry.models import Package, PrivateSearchDocument, SearchDocument

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.domain.events import PackageChanged, VersionChanged


def document_project(event: VersionChanged | PackageChanged) -> None:
    """Write the package's search document anew, or take it away."""
    document_write(Package.objects.select_related("latest", "publisher").get(pk=event.package_id))


@transaction.atomic
def document_write(package: Package) -> None:
    """Put the package where it can be found: among the public ones, the private ones, or nowhere."""
    table, other = (
        (PrivateSearchDocument, SearchDocument) if package.is_private else (SearchDocument, PrivateSearchDocument)
    )
    other._default_manager.filter(package=package).delete()  # noqa: SLF001  (Django's documented name)
    if package.latest is None or package.latest.state != State.PUBLISHED:
        table._default_manager.filter(package=package).delete()  # noqa: SLF001
        return
    facts = _facts(package)
    if package.is_private:
        facts |= {"organization_id": package.organization_id, "owner_id": package.owner_id}
    table._default_manager.update_or_create(package=package, defaults=facts)  # noqa: SLF001


def _facts(package: Package) -> dict[str, object]:
    words = " ".join([package.name.replace("-", " "), package.name, package.publisher.name, package.title])
    about = " ".join([package.summary, *package.keywords, package.get_kind_display()])
    inside = package.latest.manifest.get("components", {}) if package.latest else {}
    names = " ".join(
        item["name"] for key in ("skills", "agents", "commands", "mcp_servers") for item in inside.get(key, [])
    )
    strip = package.latest.strip if package.latest else ""
    return {
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


def popularity_push(counts: Mapping[int, int]) -> None:
    """Upper apps tell how often packages (by primary key) were installed in the last thirty days."""
    documents = list(SearchDocument.objects.filter(package_id__in=counts))
    for document in documents:
        document.popularity = counts[document.package_id]
    SearchDocument.objects.bulk_update(documents, ["popularity"], batch_size=500)


def search_rebuild() -> int:
    """Write every document anew; returns how many packages were looked at."""
    packages = Package.objects.select_related("latest", "publisher").order_by("pk")
    count = 0
    for package in packages.iterator(chunk_size=500):
        document_write(package)
        count += 1
    return count
