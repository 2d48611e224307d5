"""Repositories built from states and served by the git program, behind our own words."""

from __future__ import annotations

from installs.clients.gitstore.process import Exchange, advertisement
from installs.clients.gitstore.store import GitStore, Repository, git_store

__all__ = ["Exchange", "GitStore", "Repository", "advertisement", "git_store"]
