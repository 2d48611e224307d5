"""What every handler is given: objects, the clock, events, the ledger."""

from __future__ import annotations

import copy
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from payments.sandbox import ledger
from payments.sandbox.errors import missing
from payments.sandbox.shapes import shape

if TYPE_CHECKING:
    from payments.sandbox.store import Store, Thing

API_VERSION = "2026-05-27.dahlia"
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ACCOUNT = "acct_1Sandbox000000001"


def key_make(prefix: str) -> str:
    """A new id such as `cus_…`."""
    return f"{prefix}_{''.join(secrets.choice(LETTERS) for _ in range(24))}"


@dataclass(frozen=True, slots=True)
class World:
    """One sandbox; `base_url` is its own address, without a slash at the end."""

    store: Store
    base_url: str

    @property
    def now(self) -> int:
        """The sandbox's own time: the machine's, and as far ahead as somebody has moved it."""
        return int(time.time()) + int(self.store.setting("ahead", 0))

    def make(self, kind: str, prefix: str, **fields: Any) -> Thing:
        """A new object with every key that Stripe gives one; it is written."""
        thing = shape(kind) | {"id": key_make(prefix), "object": kind, "created": self.now} | fields
        self.store.put(thing)
        return thing

    def get(self, key: Any, kind: str) -> Thing:
        """The object; raises Stripe's 404."""
        thing = self.store.get(str(key))
        if thing is None or thing["object"] != kind:
            raise missing(kind, str(key))
        return thing

    def change(self, thing: Thing, **fields: Any) -> Thing:
        """Set fields of the newest state of the object and write it; returns that state, also in `thing`."""
        fresh = (self.store.get(thing["id"]) or thing) | fields
        self.store.put(fresh)
        thing.clear()
        thing.update(fresh)
        return thing

    def emit(self, kind: str, thing: Thing, previous: Thing | None = None) -> None:
        """An event about the object as it is now, to be delivered to every endpoint that wants it."""
        data: dict[str, Any] = {"object": visible(copy.deepcopy(thing))}
        if previous is not None:
            data["previous_attributes"] = previous
        event = self.make("event", "evt", type=kind, data=data, api_version=API_VERSION)
        for endpoint in self.store.every("webhook_endpoint", status="enabled"):
            wanted = endpoint["enabled_events"]
            if "*" in wanted or kind in wanted:
                words = "INSERT INTO delivery (event, endpoint, due) VALUES (?, ?, ?)"
                delay = float(self.store.setting("faults", {}).get("delay", 0))
                self.store.rows(words, event["id"], endpoint["id"], time.time() + delay)

    def post(self, posting: str, currency: str, **amounts: int) -> None:
        """One posting of the ledger."""
        ledger.post(self.store, posting, currency, self.now, **amounts)


def visible(thing: Any) -> Any:
    """The object without what only the sandbox knows (keys that begin with an underscore)."""
    if isinstance(thing, dict):
        return {key: visible(value) for key, value in thing.items() if not key.startswith("_")}
    return [visible(item) for item in thing] if isinstance(thing, list) else thing
