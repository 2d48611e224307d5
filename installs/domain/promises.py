"""What an address promises whoever installs from it about later versions; the rules stand in `selectors/consent.py`."""

from __future__ import annotations

from enum import StrEnum


class Promise(StrEnum):
    """Who is asked before a version that can do more arrives.

    library: its owner. shared: nobody is known, so it comes after the cooldown. npm: with a token as the library,
    without one as shared; npm-shared: the same for a package that is in no library yet. copy: nothing later arrives.
    """

    LIBRARY = "library"
    SHARED = "shared"
    NPM = "npm"
    NPM_SHARED = "npm-shared"
    COPY = "copy"
