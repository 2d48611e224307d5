"""Takes away artifacts that nothing refers to, an hour after they were last touched."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from registry.models import Artifact, Import, ImportEntry, Picture, Version, VersionArtifact
from registry.services.artifacts import artifact_delete

IDLE = timedelta(hours=1)
IMPORT_KEPT = timedelta(days=14)
BATCH = 500


def unreferenced() -> QuerySet[Artifact]:
    """Artifacts that no version, derived file, import or picture names."""
    uses = (
        Version.objects.filter(source=OuterRef("pk")),
        VersionArtifact.objects.filter(artifact=OuterRef("pk")),
        Import.objects.filter(source=OuterRef("pk")),
        ImportEntry.objects.filter(content=OuterRef("pk")),
        Picture.objects.filter(artifact=OuterRef("pk")),
    )
    artifacts = Artifact.objects.filter(touched_at__lt=timezone.now() - IDLE)
    for use in uses:
        artifacts = artifacts.exclude(Exists(use))
    return artifacts


def artifacts_sweep() -> int:
    """Doom what nothing uses, then forget what is doomed; a crash in between is finished by the next sweep."""
    with transaction.atomic():
        idle = unreferenced().select_for_update(skip_locked=True, of=("self",))[:BATCH]
        Artifact.objects.filter(pk__in=[artifact.pk for artifact in idle]).update(state=Artifact.State.DOOMED)
    doomed = list(Artifact.objects.filter(state=Artifact.State.DOOMED).values_list("pk", flat=True)[:BATCH])
    return sum(forget(pk) for pk in doomed)


@transaction.atomic
def imports_sweep() -> int:
    """Let go of the bytes of old imports: their rows still say what became of them. Returns how many let go.

    An import that nobody confirmed in time can no longer be published.
    """
    old = Import.objects.filter(updated_at__lt=timezone.now() - IMPORT_KEPT)
    waiting = old.filter(state__in=[Import.State.READING, Import.State.READY])
    waiting.update(state=Import.State.FAILED, error_code="MP3045", error_params={"days": IMPORT_KEPT.days})
    return ImportEntry.objects.filter(job__in=old, content__isnull=False).update(content=None)


@transaction.atomic
def forget(pk: int) -> bool:
    """Delete a doomed artifact's bytes and row while nobody can store it again; False when somebody has."""
    rows = Artifact.objects.select_for_update(skip_locked=True)
    artifact = rows.filter(pk=pk, state=Artifact.State.DOOMED).first()
    if artifact is None:
        return False
    artifact_delete(artifact)
    return True
