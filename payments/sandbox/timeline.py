"""What happens by itself as time goes by: renewals, ends of trials, further attempts, closed sessions."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from payments.sandbox import checkout, invoices, subscriptions
from payments.sandbox.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from payments.sandbox.store import Thing
    from payments.sandbox.world import World

WARNING_SECONDS = 3 * 24 * 3600
STEPS_MOST = 10_000


def move(world: World, seconds: int) -> int:
    """Move the clock ahead, step by step through everything that falls due; returns how many things happened."""
    goal, count = world.now + max(seconds, 0), 0
    while count < STEPS_MOST:
        due = min(_plans(world), default=None, key=lambda plan: plan[0])
        if due is None or due[0] > goal:
            break
        _set(world, max(due[0], world.now))
        _happen(world, due[1], due[2])
        count += 1
    _set(world, goal)
    return count


def _set(world: World, at: int) -> None:
    world.store.set("ahead", max(at - int(time.time()), 0))


def _plans(world: World) -> Iterator[tuple[int, str, Thing]]:
    for subscription in world.store.every("subscription"):
        if subscription["status"] in {*subscriptions.ENDED, "paused", "incomplete"}:
            continue
        ends = max(item["current_period_end"] for item in subscriptions.items_of(world, subscription))
        if subscription["status"] == "trialing" and not subscription["_told"]:
            yield ends - WARNING_SECONDS, "warn", subscription
        yield ends, "renew", subscription
    for invoice in world.store.every("invoice", status="open"):
        if invoice["next_payment_attempt"]:
            yield invoice["next_payment_attempt"], "retry", invoice
    for session in world.store.every("checkout.session", status="open"):
        yield session["expires_at"], "expire", session


def _happen(world: World, what: str, thing: Thing) -> None:
    if what == "warn":
        world.change(thing, _told=True)
        world.emit("customer.subscription.trial_will_end", thing)
    elif what == "renew" and thing["status"] == "trialing":
        subscriptions.trial_ended(world, thing)
    elif what == "renew":
        subscriptions.renewed(world, thing)
    elif what == "expire":
        checkout.expire(world, {}, thing["id"])
    else:
        _retry(world, thing)


def _retry(world: World, invoice: Thing) -> None:
    subscription = world.store.get(invoice["_subscription"] or "")
    with suppress(Refusal):  # the next attempt is planned, or there is none left
        invoices.invoice_pay(world, invoice, subscriptions.card(world, invoice, subscription), is_present=False)
    if subscription is not None:
        subscriptions.settled(world, subscription)
