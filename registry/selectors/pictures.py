"""The pictures of a listing; who may see the package may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.core.errors import NotFound

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from registry.models import Package, Picture


def pictures_of(package: Package) -> QuerySet[Picture]:
    """The icon, then the screenshots in their order."""
    return package.pictures.select_related("artifact").order_by("kind", "position", "id")


def picture_get(package: Package, public_id: object) -> Picture:
    """One of the package's pictures; raises NotFound MP3094."""
    found = pictures_of(package).filter(public_id=str(public_id)).first()
    if found is None:
        raise NotFound("MP3094", {"name": package.full_name})
    return found


def picture_by_digest(package: Package, sha256: str) -> Picture:
    """The package's picture with these bytes; raises NotFound MP3094."""
    found = pictures_of(package).filter(artifact__sha256=sha256).first()
    if found is None:
        raise NotFound("MP3094", {"name": package.full_name})
    return found
