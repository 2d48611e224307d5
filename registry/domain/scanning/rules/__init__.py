"""The tables of rules, by what an attack does."""

from __future__ import annotations

from registry.domain.scanning.rules.acting import ACTING
from registry.domain.scanning.rules.combos import COMBOS
from registry.domain.scanning.rules.covering import COVERING
from registry.domain.scanning.rules.fetching import FETCHING
from registry.domain.scanning.rules.hiding import HIDING
from registry.domain.scanning.rules.speaking import SPEAKING
from registry.domain.scanning.rules.taking import TAKING

__all__ = ["COMBOS", "PATTERNS"]

PATTERNS = (*FETCHING, *ACTING, *TAKING, *HIDING, *SPEAKING, *COVERING)
