"""The moment of publication: signature, state, tags, listing, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from marketplace.domain.viewer import SYSTEM
from registry.domain.states import State
from registry.models import DistTag, Version, VersionArtifact
from registry.services.capabilities import settling
from registry.services.lifecycle import package_lock, version_move
from registry.services.signing import sign

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer


@transaction.atomic
def version_release(*, version: Version, by: Viewer = SYSTEM) -> Version:
    """Sign the version and publish it; raises Conflict MP3020 when its state does not allow it."""
    package = package_lock(version.package_id)
    tarball = VersionArtifact.objects.select_related("artifact").get(version=version, role=VersionArtifact.Role.NPM)
    signature, keyid = sign(package.full_name, version.number, tarball.artifact.sha512)
    published_at = version.published_at or timezone.now()
    Version.objects.filter(pk=version.pk).update(
        signature=signature,
        signature_key=keyid,
        published_at=published_at,
        **settling(package, version, published_at),
    )
    tag_point(version)
    return version_move(version=version, after=State.PUBLISHED, by=by)


def tag_point(version: Version) -> None:
    """Point the tag of its publication to the version; `latest` follows by itself when it rises."""
    if version.tag != "latest":
        DistTag.objects.update_or_create(package_id=version.package_id, name=version.tag, defaults={"version": version})
