"""Webhook endpoints and the delivery of events: signed, tried again, and as badly behaved as somebody wishes."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import threading
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

from payments.sandbox import timeline
from payments.sandbox.errors import needed
from payments.sandbox.forms import truth
from payments.sandbox.world import key_make, visible

if TYPE_CHECKING:
    from payments.sandbox.store import Thing
    from payments.sandbox.world import World

ATTEMPTS = 8
BACKOFF_SECONDS = 1.0
PAUSE = 0.05
TIMEOUT_SECONDS = 10
BATCH = 50


def create(world: World, params: dict[str, Any]) -> Thing:
    """An endpoint; its secret is told once, here."""
    if not params.get("url"):
        raise needed("url")
    secret = params.get("_secret") or key_make("whsec")
    endpoint = world.make(
        "webhook_endpoint", "we", url=params["url"], enabled_events=params.get("enabled_events") or ["*"],
        description=params.get("description") or None, api_version=params.get("api_version") or None,
        metadata=params.get("metadata") or {}, _secret=secret,
    )  # fmt: skip
    return endpoint | {"secret": secret}


def ensure(world: World, url: str, secret: str) -> None:
    """The endpoint that the sandbox was started with."""
    for endpoint in world.store.every("webhook_endpoint", url=url):
        world.change(endpoint, _secret=secret, status="enabled")
        return
    create(world, {"url": url, "_secret": secret})


def update(world: World, params: dict[str, Any], key: str) -> Thing:
    """Change what an endpoint gets, or switch it off."""
    endpoint = world.get(key, "webhook_endpoint")
    given: dict[str, Any] = {name: params[name] for name in ("url", "enabled_events", "description") if name in params}
    if "disabled" in params:
        given["status"] = "disabled" if truth(params, "disabled") else "enabled"
    return world.change(endpoint, **given)


def retrieve(world: World, _params: dict[str, Any], key: str) -> Thing:
    """One endpoint."""
    return world.get(key, "webhook_endpoint")


def remove(world: World, _params: dict[str, Any], key: str) -> Thing:
    """Forget an endpoint."""
    world.get(key, "webhook_endpoint")
    world.store.rows("DELETE FROM thing WHERE id = ?", key)
    return {"id": key, "object": "webhook_endpoint", "deleted": True}


def listed(world: World, _params: dict[str, Any]) -> list[Thing]:
    """All endpoints."""
    return world.store.every("webhook_endpoint")


def events(world: World, params: dict[str, Any]) -> list[Thing]:
    """Events, by kind when one is given."""
    return world.store.every("event", **({"type": params["type"]} if params.get("type") else {}))


def event(world: World, _params: dict[str, Any], key: str) -> Thing:
    """One event."""
    return world.get(key, "event")


def signed(secret: str, body: bytes, at: int) -> str:
    """The header `Stripe-Signature` (scheme v1: HMAC-SHA256 over time and body)."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def parcel(world: World, key: str, endpoint: Thing) -> tuple[bytes, dict[str, str]]:
    """One event as it is sent to an endpoint: body and headers."""
    body = json.dumps(visible(world.get(key, "event"))).encode()
    signature = signed(endpoint["_secret"], body, int(time.time()))
    return body, {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature}


def take(world: World, most: int) -> list[dict[str, str]]:
    """Take waiting deliveries away, as (event, body, signature), for tests that deliver them in their own order."""
    rows = world.store.rows("SELECT seq, event, endpoint FROM delivery WHERE done = 0 ORDER BY seq LIMIT ?", most)
    found = []
    for seq, key, place in rows:
        world.store.rows("UPDATE delivery SET done = 1 WHERE seq = ?", seq)
        body, headers = parcel(world, key, world.get(place, "webhook_endpoint"))
        found.append({"event": key, "body": body.decode(), "signature": headers["Stripe-Signature"]})
    return found


class Courier(threading.Thread):
    """Delivers what is due, and lets time pass in the sandbox."""

    def __init__(self, world: World) -> None:
        """Deliver for `world`."""
        super().__init__(name="courier", daemon=True)
        self.world = world
        self.is_over = threading.Event()

    def run(self) -> None:
        """Work until `is_over` is set."""
        ticked = 0.0
        while not self.is_over.wait(PAUSE):
            if time.monotonic() - ticked > 1:
                ticked = time.monotonic()
                with self.world.store.transaction():
                    timeline.move(self.world, 0)
            self.deliver()

    def deliver(self) -> None:
        """Send what is due, with the faults that are wished for: drop, duplicate, reorder (shares from 0 to 1)."""
        words = "SELECT seq, event, endpoint, attempts FROM delivery WHERE done = 0 AND due <= ? ORDER BY due LIMIT ?"
        rows = self.world.store.rows(words, time.time(), BATCH)
        faults = self.world.store.setting("faults", {})
        chance = random.Random()  # noqa: S311  (chaos, no secret)
        if chance.random() < float(faults.get("reorder", 0)):
            chance.shuffle(rows)
        for seq, key, place, attempts in rows:
            endpoint = self.world.store.get(place)
            is_lost = endpoint is None or chance.random() < float(faults.get("drop", 0))
            if is_lost or self._sent(key, endpoint):
                self.world.store.rows("UPDATE delivery SET done = 1 WHERE seq = ?", seq)
                if not is_lost and chance.random() < float(faults.get("duplicate", 0)):
                    self._sent(key, endpoint)
                continue
            later = time.time() + BACKOFF_SECONDS * 2**attempts
            words = "UPDATE delivery SET attempts = attempts + 1, due = ?, done = ? WHERE seq = ?"
            self.world.store.rows(words, later, int(attempts + 1 >= ATTEMPTS), seq)

    def _sent(self, key: str, endpoint: Thing | None) -> bool:
        if endpoint is None:
            return True
        body, headers = parcel(self.world, key, endpoint)
        request = urllib.request.Request(endpoint["url"], data=body, headers=headers)  # noqa: S310  (loopback)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                return bool(answer.status < 300)  # noqa: PLR2004  (HTTP)
        except (OSError, urllib.error.URLError):
            return False
