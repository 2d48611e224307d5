"""What only tests ask for, below /_sandbox/: clock, faults, ledger, deliveries taken by hand, disputes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from payments.sandbox import disputes, ledger, timeline, webhooks
from payments.sandbox.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from payments.sandbox.world import World


def control(world: World, path: str, given: dict[str, Any]) -> str:
    """Do one thing; the answer as JSON. Raises Refusal for an unknown path."""
    acts: dict[str, Callable[[], Any]] = {
        "/_sandbox/live": lambda: {"ok": True},
        "/_sandbox/clock": lambda: {"happened": timeline.move(world, int(given.get("advance", 0))), "now": world.now},
        "/_sandbox/ledger": lambda: ledger.sums(world.store),
        "/_sandbox/faults": lambda: world.store.set("faults", given),
        "/_sandbox/take": lambda: webhooks.take(world, int(given.get("most", 1000))),
        "/_sandbox/dispute": lambda: disputes.opened(world, world.get(given.get("charge"), "charge")),
        "/_sandbox/account": lambda: world.store.set("account", given.get("id")),
    }
    if path not in acts:
        raise Refusal(f"Unrecognized request URL ({path}).", status=404)
    with world.store.transaction():
        return json.dumps(acts[path]())
