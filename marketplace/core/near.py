"""Names that were perhaps meant where nothing was found: apps say how they look, the error pages ask."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST = 5
NAME_MOST = 110


@dataclass(frozen=True, slots=True)
class Near:
    """One thing that the viewer may see; `kind` is a package's kind or "publisher", `typed` what was asked for.

    `icon` is the digest of a package's icon. Each part of `typed` says whether it differs from the name.
    """

    name: str
    path: str
    kind: str
    summary: str = ""
    strip: str = ""
    is_verified: bool = False
    icon: str = ""
    typed: tuple[tuple[str, bool], ...] = ()


LOOKS: dict[str, Callable[[Any, str], list[Near]]] = {}


def near_look(code: str, look: Callable[[Any, str], list[Near]]) -> None:
    """Have `look` (a viewer, the name that was asked for) answer for refusals with this code."""
    LOOKS[code] = look


def near_of(code: str, params: Mapping[str, Any], viewer: Any) -> list[Near]:
    """What was perhaps meant; nothing for codes that nobody looks for, and for requests of no viewer."""
    look, name = LOOKS.get(code), str(params.get("name", ""))[:NAME_MOST]
    return look(viewer, name)[:MOST] if look is not None and name and viewer is not None else []


def typed_beside(typed: str, name: str) -> tuple[tuple[str, bool], ...]:
    """What was typed, in parts, with those marked that the name has not; empty when it is the name."""
    if typed == name:
        return ()
    steps = SequenceMatcher(None, typed, name, autojunk=False).get_opcodes()
    return tuple((typed[start:end], step != "equal") for step, start, end, _from, _to in steps if start < end)
