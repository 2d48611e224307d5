"""What npm sends to be audited."""

from __future__ import annotations

from typing import Any

NAMES_MOST = 20_000
DEPTH_MOST = 64


def installed_in(lock: dict[str, Any]) -> dict[str, set[str]]:
    """Every package of a lock file's tree (`dependencies` in `dependencies`) with its versions."""
    found: dict[str, set[str]] = {}
    waiting: list[tuple[object, int]] = [(lock.get("dependencies"), 0)]
    while waiting and len(found) < NAMES_MOST:
        tree, depth = waiting.pop()
        for name, facts in tree.items() if isinstance(tree, dict) else ():
            if isinstance(facts, dict) and isinstance(facts.get("version"), str):
                found.setdefault(name, set()).add(facts["version"])
                if depth < DEPTH_MOST:
                    waiting.append((facts.get("dependencies"), depth + 1))
    return found
