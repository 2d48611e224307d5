"""Reads files out of git repositories: nothing is checked out, no hook, filter or configuration of theirs runs."""

from __future__ import annotations

from registry.clients.source_host.git import SourceRefused
from registry.clients.source_host.repository import Repository, Tag, Tree, repository

__all__ = ["Repository", "SourceRefused", "Tag", "Tree", "repository"]
