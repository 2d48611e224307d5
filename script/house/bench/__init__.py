"""`script/bench NAME [OPTIONS]`: measures one part of the product; each part is a module here with a `main(argv)`.

A measurement sends load to servers of its own on loopback only, is bounded in time, and leaves nothing running.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

from house import virtualenv
from house.console import Refused, say

if TYPE_CHECKING:
    from collections.abc import Sequence

SHARED = frozenset({"corpus", "load", "sites", "table"})
"""Modules that several measurements stand on."""


def parts() -> dict[str, str]:
    """Every measurement by name, with the first line of what it says about itself."""
    names = sorted({found.name for found in pkgutil.iter_modules(__path__)} - SHARED)
    told = {name: importlib.import_module(f"{__name__}.{name}").__doc__ or "" for name in names}
    return {name: text.strip().splitlines()[0] if text.strip() else "" for name, text in told.items()}


def main(argv: Sequence[str]) -> int:
    """Run the named measurement in the environment of the tests; without a name, list them."""
    virtualenv.enter("requirements-dev.txt")
    found = parts()
    if not argv or argv[0] in {"-h", "--help"}:
        say("usage: script/bench NAME [OPTIONS]\n")
        for name, text in found.items():
            say(f"  {name:<12} {text}")
        return 0
    if argv[0] not in found:
        raise Refused(f"There is no measurement “{argv[0]}”; there are: {', '.join(found) or 'none'}.")
    status: int = importlib.import_module(f"{__name__}.{argv[0]}").main(argv[1:])
    return status
