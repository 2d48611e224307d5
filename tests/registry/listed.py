"""Packages made of rows, for tests of what reads them."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVector
from django.db.models import Value
from django.utils import timezone

from registry.models import Package, Publisher, SearchDocument, Version
from registry.services.artifacts import artifact_store_bytes


def publish(publisher: Publisher, name: str, **facts: object) -> Package:
    """A published package with its document, made of rows: what pages read."""
    now = timezone.now()
    package = Package.objects.create(
        publisher=publisher, name=name, full_name=f"@{publisher.name}/{name}", kind="skill", summary=f"About {name}."
    )
    version = Version.objects.create(
        package=package,
        number="1.0.0",
        sort_key="1",
        state="published",
        format="agent-skill",
        digest="d" * 64,
        source=artifact_store_bytes(b"content", media_type="application/zip"),
        manifest={"components": {"skills": [{"name": name}]}},
        strip="nnnnnnnn",
        signature="s",
        published_at=now,
    )
    package.latest = version
    package.save()
    SearchDocument.objects.create(
        package=package,
        name_key=name,
        kind="skill",
        vector=SearchVector(Value(f"{name.replace('-', ' ')} about"), weight="A", config="english"),
        updated_at=now,
        created_at=now,
        **facts,
    )
    return package
