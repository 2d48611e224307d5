"""Records of domains in our own words."""

from __future__ import annotations

from typing import Protocol


class NamesFailed(Exception):
    """The name servers gave no answer in time, or none that can be used; the text says which."""


class Records(Protocol):
    """Reads the records of domains."""

    def texts(self, name: str) -> list[str]:
        """The TXT records of `name`, each as one text; none when there is no such name. Raises NamesFailed."""
        ...
