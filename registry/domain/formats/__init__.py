"""Tells what somebody has uploaded; nothing of it is ever run (order and rules: the clients' own)."""

from __future__ import annotations

from registry.domain.formats.detection import detect
from registry.domain.formats.emit import plugin_content, plugin_entry, skill_contents
from registry.domain.formats.entry import Detection, Entry

__all__ = ["Detection", "Entry", "detect", "plugin_content", "plugin_entry", "skill_contents"]
