"""What the apps above do when somebody signs in or up, in whatever way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Hook = Callable[[Mapping[str, str], Any], frozenset[str]]

log = structlog.get_logger(__name__)
HOOKS: list[Hook] = []


def on_sign_in(hook: Hook) -> None:
    """Call `hook(cookies, viewer)` at each sign-in; it returns the names of the cookies that may go."""
    if hook not in HOOKS:
        HOOKS.append(hook)


def signed_in(cookies: Mapping[str, str], viewer: Any) -> set[str]:
    """Run all hooks; one that fails is logged and never keeps anybody from signing in."""
    gone: set[str] = set()
    for hook in HOOKS:
        try:
            gone |= hook(cookies, viewer)
        except Exception:
            log.exception("sign_in.hook_failed", hook=hook.__name__)
    return gone
