"""The part of installs in a person's export."""

from __future__ import annotations

from typing import Any

from installs.models import Install, PersonalAddress


def library_part(user_id: int) -> dict[str, Any]:
    """Chosen packages, and the personal addresses without their keys."""
    return {
        "packages": list(
            Install.objects.filter(library__user_id=user_id)
            .values("package__full_name", "pinned__number", "created_at")
            .order_by("pk")
        ),
        "addresses": list(
            PersonalAddress.objects.filter(library__user_id=user_id)
            .values("public_id", "created_at", "claimed_at", "revoked_at", "last_used_at")
            .order_by("pk")
        ),
    }
