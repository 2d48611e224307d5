"""Where bytes are kept, behind our own words."""

from __future__ import annotations

from registry.clients.artifacts.store import ArtifactStore, artifact_store

__all__ = ["ArtifactStore", "artifact_store"]
