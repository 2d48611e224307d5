"""Whom a decision about a subject restricts."""

from __future__ import annotations

from typing import Any

from registry.models import Collection, Package, PackageMaintainer, Publisher, Version
from registry.services.publishers import administrator_ids, publisher_user_ids


def concerned_by(subject: Any) -> set[int]:
    """Primary keys of the users whom a decision about the subject restricts: owners and maintainers, or the author."""
    match subject:
        case Publisher():
            return publisher_user_ids(subject)
        case Version():
            return concerned_by(subject.package) | ({subject.published_by_id} if subject.published_by_id else set())
        case Package():
            maintainers = PackageMaintainer.objects.filter(package=subject).values_list("user_id", flat=True)
            return publisher_user_ids(subject.publisher) | set(maintainers)
        case Collection() if subject.organization_id:
            return administrator_ids(subject.organization_id)
        case Collection():
            return {subject.owner_id} if subject.owner_id else set()
        case _:
            return {subject.author_id} if subject.author_id else set()
