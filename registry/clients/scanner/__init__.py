"""The checks in a process of their own, with limits of time and memory."""

from __future__ import annotations

from registry.clients.scanner.process import ScanFailed, Scanner, scan

__all__ = ["ScanFailed", "Scanner", "scan"]
