"""One line of the table: an address, a method, and what four people get."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

PEOPLE = ("anonymous", "member", "outsider", "moderator")


@dataclass(frozen=True, slots=True)
class Row:
    """`path` may name things of the world in braces; `statuses` are those of PEOPLE, in that order.

    `302!` is a redirect that refuses; 4xx refuses, but `401?` asks for a second step and notes that it did.

    `body` is sent as a form, or as JSON to the API and to npm.
    """

    method: str
    path: str
    statuses: str
    body: dict[str, Any] = field(default_factory=dict)

    def expected(self) -> dict[str, tuple[int, bool]]:
        """The status that each person gets, and whether it refuses."""
        said = zip(PEOPLE, self.statuses.split(), strict=True)
        return {
            person: (int(word[:3]), (word[3:] != "?" and word[0] == "4") or word.endswith("!")) for person, word in said
        }

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def get(path: str, statuses: str) -> Row:
    """A row that reads."""
    return Row("GET", path, statuses)


def post(path: str, statuses: str, **body: Any) -> Row:
    """A row that writes a form."""
    return Row("POST", path, statuses, body)
