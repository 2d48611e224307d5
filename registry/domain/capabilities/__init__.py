"""What a package can do on its user's machine, read from its files (ARCHITECTURE, "Words": capability)."""

from __future__ import annotations

from registry.domain.capabilities.detectors import DETECTORS
from registry.domain.capabilities.gather import gather
from registry.domain.capabilities.model import ALL, Autonomy, Capability, Family, Place, Reach
from registry.domain.capabilities.panel import Panel, Row, panel_of, rows_of
from registry.domain.capabilities.sets import CapabilitySet, Changes, covers, levels_of, reaches_of
from registry.domain.capabilities.tokens import Part, estimate, parts_of

__all__ = [
    "ALL",
    "DETECTORS",
    "Autonomy",
    "Capability",
    "CapabilitySet",
    "Changes",
    "Family",
    "Panel",
    "Part",
    "Place",
    "Reach",
    "Row",
    "covers",
    "estimate",
    "gather",
    "levels_of",
    "panel_of",
    "parts_of",
    "reaches_of",
    "rows_of",
]
