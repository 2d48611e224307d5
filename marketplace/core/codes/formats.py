"""Codes of formats."""

from __future__ import annotations

from marketplace.core.codes.code import Code

TABLE: tuple[Code, ...] = ()
