"""The billing portal: sessions, and what a person does on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from payments.sandbox import subscriptions
from payments.sandbox.cards import method_make
from payments.sandbox.errors import Refusal, needed
from payments.sandbox.invoices import pay

if TYPE_CHECKING:
    from payments.sandbox.store import Thing
    from payments.sandbox.world import World


def create(world: World, params: dict[str, Any]) -> Thing:
    """A session with the address of its page."""
    if not params.get("customer"):
        raise needed("customer")
    customer = world.get(params["customer"], "customer")
    session = world.make(
        "billing_portal.session", "bps", customer=customer["id"], return_url=params.get("return_url") or None
    )
    return world.change(session, url=f"{world.base_url}/portal/{session['id']}")


def card_change(world: World, customer: Thing, number: str) -> int:
    """A new card for everything; open invoices are paid with it. Returns how many were paid; raises the refusal."""
    method = method_make(world, number, customer["id"], customer["email"])
    settings = customer["invoice_settings"] | {"default_payment_method": method["id"]}
    world.change(customer, invoice_settings=settings)
    world.emit("customer.updated", customer)
    for subscription in world.store.every("subscription", customer=customer["id"]):
        if subscription["status"] not in subscriptions.ENDED:
            world.change(subscription, default_payment_method=method["id"])
    unpaid = world.store.every("invoice", customer=customer["id"], status="open")
    for invoice in unpaid:
        pay(world, {}, invoice["id"])
    return len(unpaid)


def ending(world: World, customer: Thing, key: str, *, ends: bool) -> None:
    """End a subscription with its period, or take that back."""
    subscription = world.get(key, "subscription")
    if subscription["customer"] != customer["id"]:
        raise Refusal("This subscription belongs to somebody else.", status=404)
    subscriptions.update(world, {"cancel_at_period_end": str(ends).lower()}, key)
