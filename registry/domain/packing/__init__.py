"""Deterministic packing: the same content gives the same bytes on every machine."""

from __future__ import annotations

from registry.domain.packing.tarball import pack_npm, write_npm
from registry.domain.packing.zipped import pack_zip, write_zip

__all__ = ["pack_npm", "pack_zip", "write_npm", "write_zip"]
