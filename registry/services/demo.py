"""The demo catalogue: package folders below `marketplace/demo/packages`, published like anybody's.

`<publisher>/<package>/<version>/` holds a version as it would be uploaded. Newest versions are published at once; jobs
hang up the pictures and publish older versions, so that a first start does not wait for them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from marketplace.core.demo import FOLDER
from marketplace.domain.viewer import SYSTEM
from marketplace.models import Organization, User
from marketplace.services.outbox import enqueue
from marketplace.services.viewers import viewer_of_user
from registry.domain.archives import read_tree
from registry.domain.formats import detect
from registry.domain.proofs import Method
from registry.domain.semver import SemVer
from registry.models import Publisher
from registry.services.demo_pictures import HANG
from registry.services.proofs import proof_check, proof_start
from registry.services.publishers import publisher_create
from registry.services.publishing import Release, version_receive
from registry.services.scanning import version_scan

if TYPE_CHECKING:
    from pathlib import Path

    from marketplace.domain.viewer import Viewer

PACKAGES = FOLDER / "packages"
OLDER = "registry.demo_older"


def catalogue_load() -> int:
    """Publish the newest version of every demo package and promise the older ones; returns how many are new."""
    made = 0
    for facts in _facts():
        by = viewer_of_user(User.objects.get(email=facts["owner"]))
        publisher = _publisher(facts, by)
        if "proof" in facts:
            proof_check(proof_start(publisher=publisher, method=Method.DEMO, subject=facts["proof"], by=SYSTEM).pk)
        for folder in sorted((PACKAGES / publisher.name).iterdir()):
            newest, *older = _versions(folder)
            made += _publish(publisher, newest, by, is_private=folder.name in facts.get("private", []))
            if older:
                enqueue(OLDER, key=f"{publisher.name}/{folder.name}", publisher=publisher.name, package=folder.name)
    enqueue(HANG, key="all")
    return made


def older_load(publisher: str, package: str) -> None:
    """Publish what stands before the newest version, the newest of it first."""
    row = Publisher.objects.get(name=publisher)
    owner = next(facts["owner"] for facts in _facts() if facts["name"] == publisher)
    by = viewer_of_user(User.objects.get(email=owner))
    for folder in _versions(PACKAGES / publisher / package)[1:]:
        _publish(row, folder, by)


def _facts() -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = json.loads((FOLDER / "publishers.json").read_text(encoding="utf-8"))
    return facts


def _publisher(facts: dict[str, Any], by: Viewer) -> Publisher:
    known = Publisher.objects.filter(name=facts["name"]).first()
    if known is not None:
        return known
    slug = facts.get("organization")
    organization = Organization.objects.get(slug=slug) if slug else None
    made = publisher_create(
        name=facts["name"], by=by, organization=organization, display_name=facts.get("display_name", "")
    )
    made.summary, made.homepage = facts.get("summary", ""), facts.get("homepage", "")
    made.save(update_fields=["summary", "homepage"])
    return made


def _versions(folder: Path) -> list[Path]:
    """The version folders, newest first."""
    return sorted(folder.iterdir(), key=lambda path: SemVer.parse(path.name).sortable, reverse=True)


def _publish(publisher: Publisher, folder: Path, by: Viewer, *, is_private: bool | None = None) -> int:
    entry = detect(read_tree(folder)).entries[0]
    release = Release(number=folder.name, name=folder.parent.name, is_private=is_private)
    received = version_receive(publisher=publisher, entry=entry, release=release, by=by)
    if received.created:
        version_scan(received.version.pk)
    return int(received.created)
