"""Whether a package is safe to give out: what its files do, read without running them."""

from __future__ import annotations

from registry.domain.scanning.examine import examine
from registry.domain.scanning.model import Hit, Known
from registry.domain.scanning.registry import CHECKS, RULES, Check

__all__ = ["CHECKS", "RULES", "Check", "Hit", "Known", "examine"]
