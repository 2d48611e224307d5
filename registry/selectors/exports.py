"""The registry's part of a person's export."""

from __future__ import annotations

from typing import Any

from registry.domain.collections import Shown
from registry.models import Collection, Import, PackageMaintainer, Publisher, Version


def registry_part(user_id: int) -> dict[str, Any]:
    """Publishers, packages maintained, versions published, uploads and collections of a person."""
    return {
        "publishers": list(
            Publisher.objects.filter(user_id=user_id).values(
                "name", "display_name", "summary", "homepage", "created_at"
            )
        ),
        "maintains": list(
            PackageMaintainer.objects.filter(user_id=user_id)
            .values_list("package__full_name", flat=True)
            .order_by("pk")
        ),
        "versions": list(
            Version.objects.filter(published_by_id=user_id)
            .values("package__full_name", "number", "state", "received_at", "published_at")
            .order_by("pk")
        ),
        "collections": [
            {
                "slug": row.slug,
                "title": row.title,
                "description": row.description,
                "visibility": row.visibility,
                "packages": [[entry.package.full_name, entry.note] for entry in row.entries.all()],
            }
            for row in Collection.objects.filter(owner_id=user_id)
            .exclude(state=Shown.DELETED)
            .prefetch_related("entries__package")
            .order_by("pk")
        ],
        "imports": list(
            Import.objects.filter(user_id=user_id).values("public_id", "url", "state", "created_at").order_by("pk")
        ),
    }
