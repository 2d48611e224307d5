"""One thing that a package can do, how far it reaches, and whether anybody is asked first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

ALL = "ALL"
"""Every tool: what a subagent may use whose `tools` say nothing."""
ANY = "*"
"""Something without a name of its own: any host, every variable."""
VALUE_MOST = 200
PLACES_MOST = 5


class Family(StrEnum):
    """The eight kinds of reach, in the order in which they always stand."""

    SHELL = "shell"
    FILES = "files"
    NETWORK = "network"
    SECRETS = "secrets"
    HOOKS = "hooks"
    SERVERS = "servers"
    FETCH = "fetch"
    BYPASS = "bypass"


class Reach(IntEnum):
    """How bounded it is; undeclared: found in the files although they declare something narrower."""

    NONE = 0
    LIMITED = 1
    BROAD = 2
    UNDECLARED = 3

    @property
    def word(self) -> str:
        """The word of the API and of stored rows."""
        return self.name.lower()

    @property
    def letter(self) -> str:
        """One letter, for strips: n, l, b, u."""
        return self.name[0].lower()


class Autonomy(IntEnum):
    """Who says yes before it happens."""

    ASKS_FIRST = 1
    PRE_APPROVED = 2
    UNASKED = 3

    @property
    def word(self) -> str:
        """The word of the API and of stored rows."""
        return self.name.lower().replace("_", "-")

    @classmethod
    def of_word(cls, word: str) -> Autonomy:
        """The value that `word` names; raises KeyError for another word."""
        return cls[word.upper().replace("-", "_")]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the package it is said: path from its root, line from 1."""

    path: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Capability:
    """One tuple: `kind` and `form` say what it is, `what` and `detail` which one; the places are evidence only.

    Kinds: exec, tool, preapproved, net, env, permission-mode, download, always-on-context, depends-on.
    """

    kind: str
    form: str
    what: str
    family: Family
    reach: Reach
    autonomy: Autonomy
    places: tuple[Place, ...]
    detail: str = ""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What makes it this capability and not another, whoever is asked."""
        return (self.kind, self.form, self.what, self.detail)

    @property
    def code(self) -> str:
        """The code of its sentence."""
        return f"{self.kind}.{self.form}"

    def as_json(self) -> dict[str, Any]:
        """JSON-able, stable."""
        return {
            "kind": self.kind,
            "form": self.form,
            "what": self.what,
            "detail": self.detail,
            "family": self.family.value,
            "reach": self.reach.word,
            "autonomy": self.autonomy.word,
            "places": [{"path": place.path, "line": place.line} for place in self.places],
        }

    @classmethod
    def of_json(cls, raw: dict[str, Any]) -> Capability:
        """The capability that `as_json` wrote."""
        return cls(
            kind=raw["kind"],
            form=raw["form"],
            what=raw["what"],
            detail=raw.get("detail", ""),
            family=Family(raw["family"]),
            reach=Reach[raw["reach"].upper()],
            autonomy=Autonomy.of_word(raw["autonomy"]),
            places=tuple(Place(place["path"], place["line"]) for place in raw["places"]),
        )


def plain(text: str) -> str:
    """A value on one line, without control characters, at most VALUE_MOST long."""
    words = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return words if len(words) <= VALUE_MOST else f"{words[: VALUE_MOST - 1]}…"
