"""The registry's tables."""

from __future__ import annotations

from registry.models.artifact import Artifact
from registry.models.capability import Advisory, CapabilityContainment, CapabilityReading
from registry.models.collection import Collection, CollectionEntry
from registry.models.follow import Follow
from registry.models.package import DistTag, Package, PackageMaintainer
from registry.models.picture import Picture
from registry.models.proof import Proof
from registry.models.publisher import Publisher
from registry.models.search import PrivateSearchDocument, SearchDocument, SearchWord
from registry.models.upload import Import, ImportEntry
from registry.models.version import Scan, Version, VersionArtifact, VersionFile, VersionFinding

__all__ = [
    "Advisory",
    "Artifact",
    "CapabilityContainment",
    "CapabilityReading",
    "Collection",
    "CollectionEntry",
    "DistTag",
    "Follow",
    "Import",
    "ImportEntry",
    "Package",
    "PackageMaintainer",
    "Picture",
    "PrivateSearchDocument",
    "Proof",
    "Publisher",
    "Scan",
    "SearchDocument",
    "SearchWord",
    "Version",
    "VersionArtifact",
    "VersionFile",
    "VersionFinding",
]
