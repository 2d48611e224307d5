"""Reads what strangers send: every trick of archives is refused with a code, within limits that hold while reading."""

from __future__ import annotations

from registry.domain.archives.folders import read_folder, read_loosely, read_tree, unwrap, walk, wrapping
from registry.domain.archives.limits import ArchiveRefused, Limits
from registry.domain.archives.reader import read_archive, read_stored

__all__ = [
    "ArchiveRefused",
    "Limits",
    "read_archive",
    "read_folder",
    "read_loosely",
    "read_stored",
    "read_tree",
    "unwrap",
    "walk",
    "wrapping",
]
