"""Writes the pictures of a listing; bytes that no picture names any more are swept away like all others."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max

from marketplace.core.errors import Conflict, Invalid, TooLarge
from marketplace.domain.audit import Action
from marketplace.services.audit import audit
from marketplace.services.outbox import emit
from registry.clients.pictures import picture_encode
from registry.domain.collections import Step, moved
from registry.domain.events import PackageChanged
from registry.domain.pictures import (
    ALT_MOST,
    INPUT_BYTES_MOST,
    MEDIA_TYPE,
    SCREENSHOTS_MOST,
    Encoded,
    Kind,
    PictureRefused,
)
from registry.models import Package, Picture
from registry.selectors.pictures import picture_get
from registry.services.access import ensure_can_change
from registry.services.artifacts import artifact_store_bytes
from registry.services.lifecycle import package_lock

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from registry.models import Artifact


def picture_add(
    *, package: Package, kind: Kind, stream: IO[bytes], by: Viewer, alt: str = "", revision: int | None = None
) -> Picture:
    """Make a picture of the file: the icon in the place of the one before, a screenshot behind the others.

    Raises NotAllowed MP3011, MP3014, MP3015, Invalid MP3090, MP3091, MP3093, TooLarge MP9005, Conflict MP3092, Stale
    MP3023.
    """
    ensure_can_change(by=by, package=package)
    alt = _described(alt) if kind == Kind.SCREENSHOT else ""
    data = stream.read(INPUT_BYTES_MOST + 1)
    if len(data) > INPUT_BYTES_MOST:
        raise TooLarge("MP9005", {"limit": INPUT_BYTES_MOST})
    try:
        encoded = picture_encode(data, kind)
    except PictureRefused as refusal:
        raise Invalid(refusal.code, refusal.params) from refusal
    artifact = artifact_store_bytes(encoded.data, media_type=MEDIA_TYPE)
    return picture_keep(
        package=package, kind=kind, artifact=artifact, encoded=encoded, alt=alt, by=by, revision=revision
    )


@transaction.atomic
def picture_keep(
    *,
    package: Package,
    kind: Kind,
    artifact: Artifact,
    encoded: Encoded,
    alt: str,
    by: Viewer,
    revision: int | None = None,
) -> Picture:
    """Hang the stored picture to the listing; raises what `picture_add` says of the listing."""
    ensure_can_change(by=by, package=package)
    locked = package_lock(package.pk, revision=revision)
    mine = locked.pictures.filter(kind=kind)
    if kind == Kind.ICON:
        mine.delete()
    elif mine.count() >= SCREENSHOTS_MOST:
        raise Conflict("MP3092", {"most": SCREENSHOTS_MOST})
    last = mine.aggregate(last=Max("position"))["last"] or 0
    picture = Picture.objects.create(
        package=locked,
        kind=kind,
        artifact=artifact,
        alt=alt,
        position=last + 1,
        width=encoded.width,
        height=encoded.height,
    )
    if kind == Kind.ICON:
        Package.objects.filter(pk=locked.pk).update(icon=artifact.sha256)
    _tell(locked, by, {"picture": "add", "kind": kind.value, "sha256": artifact.sha256})
    return picture


@transaction.atomic
def picture_change(
    *,
    package: Package,
    id: object,  # noqa: A002  (a public id)
    by: Viewer,
    alt: str | None = None,
    step: Step | None = None,
    revision: int | None = None,
) -> Picture:
    """Say anew what a screenshot shows, move it among the others, or both.

    Raises NotAllowed MP3011, MP3014, MP3015, NotFound MP3094, Invalid MP3093, Stale MP3023.
    """
    ensure_can_change(by=by, package=package)
    locked = package_lock(package.pk, revision=revision)
    picture = picture_get(locked, id)
    if alt is not None and picture.kind == Kind.SCREENSHOT:
        picture.alt = _described(alt)
        picture.save(update_fields=["alt"])
    if step is not None:
        _move(locked, picture, step)
    _tell(locked, by, {"picture": "change", "id": str(picture.public_id)})
    return picture


@transaction.atomic
def picture_remove(*, package: Package, id: object, by: Viewer, revision: int | None = None) -> None:  # noqa: A002  (likewise)
    """Take it off the listing; raises NotAllowed MP3011, NotFound MP3094, Stale MP3023."""
    ensure_can_change(by=by, package=package)
    locked = package_lock(package.pk, revision=revision)
    picture = picture_get(locked, id)
    picture.delete()
    if picture.kind == Kind.ICON:
        Package.objects.filter(pk=locked.pk).update(icon="")
    _tell(locked, by, {"picture": "remove", "sha256": picture.artifact.sha256})


def _move(package: Package, picture: Picture, step: Step) -> None:
    rows = {row.pk: row for row in package.pictures.filter(kind=picture.kind)}
    for place, key in enumerate(moved(list(rows), picture.pk, step), start=1):
        rows[key].position = place
    Picture.objects.bulk_update(rows.values(), ["position"])


def _described(alt: str) -> str:
    alt = " ".join(alt.split())
    if not alt or len(alt) > ALT_MOST:
        raise Invalid("MP3093", {"most": ALT_MOST})
    return alt


def _tell(package: Package, by: Viewer, data: dict[str, str]) -> None:
    Package.objects.filter(pk=package.pk).update(revision=F("revision") + 1)
    audit(
        Action.PACKAGE_UPDATE,
        by=by,
        kind="package",
        subject=package.public_id,
        name=package.full_name,
        organization_id=package.organization_id,
        data=data,
    )
    emit(PackageChanged(package_id=package.pk))
