"""The registry's part of a person's export."""

from __future__ import annotations

from typing import Any

from registry.models import Import, PackageMaintainer, Publisher, Version


def registry_part(user_id: int) -> dict[str, Any]:
    """Publishers, packages maintained, versions published and uploads of a person."""
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
        "imports": list(
            Import.objects.filter(user_id=user_id).values("public_id", "url", "state", "created_at").order_by("pk")
        ),
    }
