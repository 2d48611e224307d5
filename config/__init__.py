"""Wiring only: settings, addresses, servers."""

from __future__ import annotations

from config.celery import app as celery

__all__ = ["celery"]
