"""The keys of every object with their values when nothing was said (the API reference's, version 2026-05-27.dahlia)."""

from __future__ import annotations

import copy
from typing import Any

from payments.sandbox.shapes import billing, catalog, money, people

SHAPES = people.SHAPES | catalog.SHAPES | money.SHAPES | billing.SHAPES


def shape(kind: str) -> dict[str, Any]:
    """A fresh copy of the kind's keys."""
    return copy.deepcopy(SHAPES[kind])
