"""Form bodies as Stripe reads them: nested by brackets, every unknown parameter is an error."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from payments.sandbox.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

PART = re.compile(r"\[([^\]]*)\]")
OPEN = "metadata"
EVERYWHERE = ("expand[]",)
LISTS = ("limit", "starting_after", "ending_before")


def parsed(text: str) -> dict[str, Any]:
    """`a[b][0]=c` as {"a": {"b": {"0": "c"}}}; the numbered parts become lists."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        head, _, rest = name.partition("[")
        keys = [head, *PART.findall(f"[{rest}" if rest else "")]
        here = tree
        for position, key in enumerate(keys[:-1]):
            here = here.setdefault(key or str(len(here)), {})
            if not isinstance(here, dict):
                raise Refusal(f"Invalid parameter: {'.'.join(keys[: position + 1])}")
        here[keys[-1] or str(len(here))] = value
    return {key: _listed(value) for key, value in tree.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(item) for key, item in value.items()}
    if inner and all(key.isdecimal() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner


def ensure_known(params: dict[str, Any], allowed: Iterable[str], *, is_list: bool) -> None:
    """Raise Stripe's error for the first parameter that the route does not take."""
    known = {*allowed, *EVERYWHERE, *(LISTS if is_list else ())}
    for path in _paths(params):
        if path not in known and not _is_open(path, known):
            raise Refusal(
                f"Received unknown parameter: {path.replace('[]', '')}",
                code="parameter_unknown",
                param=path.replace("[]", ""),
            )


def _is_open(path: str, known: set[str]) -> bool:
    """Free keys stand below metadata."""
    head, mark, _ = path.partition(f"{OPEN}.")
    return bool(mark) and f"{head}{OPEN}" in known


def _paths(value: Any, head: str = "") -> Iterable[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _paths(item, f"{head}.{key}" if head else key)
    elif isinstance(value, list):
        for item in value:
            yield from _paths(item, f"{head}[]")
    else:
        yield head


def whole(params: dict[str, Any], name: str, default: int | None = None) -> int | None:
    """A whole number; `default` when it is not there."""
    text = params.get(name)
    if text in (None, ""):
        return default
    try:
        return int(str(text))
    except ValueError as error:
        raise Refusal(f"Invalid integer: {text}", code="parameter_invalid_integer", param=name) from error


def truth(params: dict[str, Any], name: str, *, default: bool = False) -> bool:
    """A boolean."""
    text = params.get(name)
    return default if text in (None, "") else str(text).lower() == "true"


def chosen(params: dict[str, Any], name: str, among: tuple[str, ...], default: str | None = None) -> str | None:
    """One of a few words; raises Stripe's error for another."""
    text = params.get(name)
    if text in (None, ""):
        return default
    if text not in among:
        raise Refusal(f"Invalid {name}: must be one of {', '.join(among)}", param=name)
    return str(text)
