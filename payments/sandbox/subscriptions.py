"""Subscriptions: trials, periods, quantities with proration, pauses and ends."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from payments.sandbox import proration
from payments.sandbox.catalog import redeemed
from payments.sandbox.customers import merged
from payments.sandbox.errors import Refusal, needed
from payments.sandbox.forms import chosen, truth, whole
from payments.sandbox.invoices import invoice_make, invoice_pay, line_of
from payments.sandbox.periods import after

if TYPE_CHECKING:
    from payments.sandbox.store import Thing
    from payments.sandbox.world import World

DAY = 24 * 3600
ENDED = ("canceled", "incomplete_expired")
BEHAVIOURS = ("create_prorations", "always_invoice", "none")
INCOMPLETE = ("allow_incomplete", "default_incomplete", "error_if_incomplete", "pending_if_incomplete")
MISSING = ("create_invoice", "cancel", "pause")


def start(  # noqa: PLR0913  (what a subscription is made of)
    world: World,
    *,
    customer: Thing,
    price: Thing,
    quantity: int,
    metadata: dict[str, str],
    trial_end: int | None = None,
    missing: str = "create_invoice",
    method: Thing | None = None,
    promotion: Thing | None = None,
    is_present: bool = False,
    passed: bool = False,
) -> Thing:
    """A subscription with its first invoice; raises the bank's refusal, after which nothing of it may stay."""
    now, terms = world.now, price["recurring"]
    if terms is None:
        raise Refusal("The price specified is set to type=one_time.", param="items[0][price]")
    ends = trial_end or after(now, terms["interval"], terms["interval_count"], now)
    subscription = world.make(
        "subscription", "sub", customer=customer["id"], currency=price["currency"], metadata=metadata,
        start_date=now, billing_cycle_anchor=ends if trial_end else now, trial_start=now if trial_end else None,
        trial_end=trial_end, status="trialing" if trial_end else "incomplete",
        trial_settings={"end_behavior": {"missing_payment_method": missing}},
        default_payment_method=method["id"] if method else None, _told=False,
    )  # fmt: skip
    item = world.make(
        "subscription_item", "si", subscription=subscription["id"], price=price, quantity=quantity,
        current_period_start=now, current_period_end=ends, plan=_plan(price),
    )  # fmt: skip
    if promotion is not None:
        _discount(world, subscription, promotion)
    refresh(world, subscription)
    world.emit("customer.subscription.created", subscription)
    says = f"Trial period for {quantity} seats" if trial_end else ""
    amount = 0 if trial_end else quantity * price["unit_amount"]
    line = line_of(world, amount, price, quantity, (now, ends), says=says, parent=parent_of(subscription, item),
                   subscription=subscription["id"])  # fmt: skip
    _bill(world, subscription, [line], "subscription_create", method, is_present=is_present, passed=passed)
    return subscription


def _bill(
    world: World,
    subscription: Thing,
    lines: list[Thing],
    reason: str,
    method: Thing | None,
    *,
    is_present: bool = False,
    passed: bool = False,
) -> Thing:
    customer = world.get(subscription["customer"], "customer")
    coupons = proration.coupons_of(world, subscription)
    invoice = invoice_make(
        world, customer, subscription["currency"], lines, reason=reason, coupons=coupons, subscription=subscription
    )
    world.change(subscription, latest_invoice=invoice["id"])
    try:
        invoice_pay(world, invoice, method, is_present=is_present, passed=passed)
    finally:
        settled(world, subscription)
    return invoice


def _plan(price: Thing) -> dict[str, Any]:
    terms = price["recurring"]
    return {
        "id": price["id"], "object": "plan", "active": True, "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"], "billing_scheme": "per_unit", "created": price["created"],
        "currency": price["currency"], "interval": terms["interval"], "interval_count": terms["interval_count"],
        "livemode": False, "metadata": {}, "meter": None, "nickname": None, "product": price["product"],
        "tiers_mode": None, "transform_usage": None, "trial_period_days": None, "usage_type": "licensed",
    }  # fmt: skip


def _discount(world: World, subscription: Thing, promotion: Thing) -> None:
    coupon = promotion["promotion"]["coupon"]
    months = world.get(coupon, "coupon")["duration_in_months"]
    end = after(world.now, "month", months, world.now) if months else None
    discount = world.make(
        "discount", "di", source={"type": "coupon", "coupon": coupon}, customer=subscription["customer"],
        subscription=subscription["id"], promotion_code=promotion["id"], start=world.now, end=end, _used=0,
    )  # fmt: skip
    world.change(subscription, discounts=[discount["id"]])
    redeemed(world, promotion["id"])


def items_of(world: World, subscription: Thing) -> list[Thing]:
    """Its items, oldest first."""
    return world.store.every("subscription_item", subscription=subscription["id"])[::-1]


def parent_of(subscription: Thing, item: Thing, *, is_proration: bool = False) -> dict[str, Any]:
    """What a line says about where it comes from."""
    about = {
        "invoice_item": None, "proration": is_proration, "proration_details": None,
        "subscription": subscription["id"], "subscription_item": item["id"],
    }  # fmt: skip
    return {"type": "subscription_item_details", "invoice_item_details": None, "subscription_item_details": about}


def refresh(world: World, subscription: Thing) -> Thing:
    """Put the items into the subscription, as Stripe shows it."""
    url = f"/v1/subscription_items?subscription={subscription['id']}"
    page = {"object": "list", "data": items_of(world, subscription), "has_more": False, "url": url}
    return world.change(subscription, items=page)


def card(world: World, invoice: Thing, subscription: Thing | None) -> Thing | None:
    """The card that is charged: the subscription's, else the customer's."""
    customer = world.get(invoice["customer"], "customer")
    key = (subscription or {}).get("default_payment_method") or customer["invoice_settings"]["default_payment_method"]
    return world.store.get(key or "")


def settled(world: World, subscription: Thing) -> None:
    """Set the status that the invoices and the trial leave it in."""
    fresh = world.get(subscription["id"], "subscription")
    status = _status(world, fresh)
    if status != fresh["status"]:
        before = {"status": fresh["status"]}
        world.change(fresh, status=status)
        world.emit("customer.subscription.updated", fresh, before)
    subscription.update(fresh)


def _status(world: World, subscription: Thing) -> str:
    if subscription["status"] in {*ENDED, "paused"}:
        return str(subscription["status"])
    if subscription["trial_end"] and subscription["trial_end"] > world.now:
        return "trialing"
    unpaid = [row for row in world.store.every("invoice", status="open") if row["_subscription"] == subscription["id"]]
    if not unpaid:
        return "active"
    if all(row["billing_reason"] == "subscription_create" for row in unpaid):
        return "incomplete"
    if all(row["next_payment_attempt"] is None for row in unpaid):
        return "unpaid"
    return "past_due"


def create(world: World, params: dict[str, Any]) -> Thing:
    """A subscription without Checkout."""
    items = params.get("items") or []
    if not params.get("customer") or not items:
        raise needed("customer" if not params.get("customer") else "items")
    customer = world.get(params["customer"], "customer")
    days, trial_end = whole(params, "trial_period_days"), whole(params, "trial_end")
    settings = (params.get("trial_settings") or {}).get("end_behavior") or {}
    key = params.get("default_payment_method") or customer["invoice_settings"]["default_payment_method"]
    return start(
        world, customer=customer, price=world.get(items[0].get("price"), "price"),
        quantity=whole(items[0], "quantity", 1) or 0, metadata=params.get("metadata") or {},
        trial_end=world.now + days * DAY if days else trial_end,
        missing=chosen(settings, "missing_payment_method", MISSING, "create_invoice") or "",
        method=world.store.get(key or ""),
    )  # fmt: skip


def update(world: World, params: dict[str, Any], key: str) -> Thing:
    """Change quantity, end, card, pause or metadata."""
    subscription = world.get(key, "subscription")
    if subscription["status"] in ENDED:
        raise Refusal("A canceled subscription can only update its cancellation_details and metadata.", status=400)
    before = {name: subscription[name] for name in ("cancel_at_period_end", "status", "items", "pause_collection")}
    given: dict[str, Any] = {}
    if "metadata" in params:
        given["metadata"] = merged(subscription["metadata"], params["metadata"])
    if params.get("default_payment_method"):
        given["default_payment_method"] = world.get(params["default_payment_method"], "payment_method")["id"]
    if "cancel_at_period_end" in params:
        given |= _ending(world, subscription, ends=truth(params, "cancel_at_period_end"))
    if "pause_collection" in params:
        pause = params["pause_collection"] or None
        given["pause_collection"] = {"behavior": pause["behavior"], "resumes_at": None} if pause else None
    world.change(subscription, **given)
    if params.get("trial_end") == "now":
        world.change(subscription, trial_end=world.now)
        trial_ended(world, subscription)
    for item in params.get("items") or []:
        _quantity(world, subscription, params, item)
    world.emit("customer.subscription.updated", refresh(world, subscription), before)
    return subscription


def _ending(world: World, subscription: Thing, *, ends: bool) -> dict[str, Any]:
    until = max(item["current_period_end"] for item in items_of(world, subscription))
    reason = "cancellation_requested" if ends else None
    return {
        "cancel_at_period_end": ends, "cancel_at": until if ends else None,
        "canceled_at": world.now if ends else None,
        "cancellation_details": {"comment": None, "feedback": None, "reason": reason},
    }  # fmt: skip


def _quantity(world: World, subscription: Thing, params: dict[str, Any], given: dict[str, Any]) -> None:
    item = world.get(given.get("id"), "subscription_item")
    quantity = whole(given, "quantity", item["quantity"]) or 0
    behaviour = chosen(params, "proration_behavior", BEHAVIOURS, "create_prorations")
    chosen(params, "payment_behavior", INCOMPLETE)
    lines = [] if behaviour == "none" else proration.lines_of(world, subscription, item, quantity)
    world.change(item, quantity=quantity)
    if behaviour != "always_invoice" or not lines:
        for line in lines:
            world.make("invoiceitem", "ii", customer=subscription["customer"], _line=line, _of=subscription["id"])
        return
    refresh(world, subscription)
    method = card(world, {"customer": subscription["customer"]}, subscription)
    _bill(world, subscription, lines, "subscription_update", method)


def item_update(world: World, params: dict[str, Any], key: str) -> Thing:
    """Change the quantity of one item."""
    item = world.get(key, "subscription_item")
    subscription = world.get(item["subscription"], "subscription")
    update(world, {**params, "items": [{"id": key, "quantity": params.get("quantity")}]}, subscription["id"])
    return world.get(key, "subscription_item")


def cancel(world: World, _params: dict[str, Any], key: str) -> Thing:
    """End it now."""
    subscription = world.get(key, "subscription")
    if subscription["status"] in ENDED:
        raise Refusal(f"No such subscription: {key}", status=404, code="resource_missing")
    return ended(world, subscription, "cancellation_requested")


def ended(world: World, subscription: Thing, reason: str) -> Thing:
    """It is over: open invoices are voided, nothing more is charged."""
    for invoice in world.store.every("invoice", status="open"):
        if invoice["_subscription"] == subscription["id"]:
            times = invoice["status_transitions"] | {"voided_at": world.now}
            world.change(invoice, status="void", next_payment_attempt=None, status_transitions=times)
            world.emit("invoice.voided", invoice)
    details = {"comment": None, "feedback": None, "reason": reason}
    at = world.now
    world.change(
        subscription, status="canceled", ended_at=at, canceled_at=subscription["canceled_at"] or at,
        cancellation_details=details,
    )  # fmt: skip
    world.emit("customer.subscription.deleted", subscription)
    return subscription


def trial_ended(world: World, subscription: Thing) -> None:
    """Bill the first period, or do what was chosen for a trial without a card."""
    method = card(world, {"customer": subscription["customer"]}, subscription)
    missing = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
    if method is None and missing == "cancel":
        ended(world, subscription, "payment_failed")
        return
    if method is None and missing == "pause":
        world.change(subscription, status="paused")
        world.emit("customer.subscription.paused", subscription)
        return
    renewed(world, subscription)


def renewed(world: World, subscription: Thing) -> None:
    """Begin the next period: its lines and what waits, charged now or tried again later."""
    if subscription["cancel_at_period_end"]:
        ended(world, subscription, "cancellation_requested")
        return
    lines = []
    for item in items_of(world, subscription):
        price, starts = item["price"], item["current_period_end"]
        terms = price["recurring"]
        ends = after(starts, terms["interval"], terms["interval_count"], subscription["billing_cycle_anchor"])
        world.change(item, current_period_start=starts, current_period_end=ends)
        amount = item["quantity"] * price["unit_amount"]
        lines.append(line_of(world, amount, price, item["quantity"], (starts, ends),
                             parent=parent_of(subscription, item), subscription=subscription["id"]))  # fmt: skip
    lines += proration.waiting(world, subscription)
    if subscription["status"] == "unpaid":
        customer = world.get(subscription["customer"], "customer")
        invoice_make(
            world,
            customer,
            subscription["currency"],
            lines,
            reason="subscription_cycle",
            coupons=[],
            subscription=subscription,
        )
    elif subscription["pause_collection"] is None:
        method = card(world, {"customer": subscription["customer"]}, subscription)
        with suppress(Refusal):  # the invoice stays open, and its next attempt is planned
            _bill(world, subscription, lines, "subscription_cycle", method)
    world.emit("customer.subscription.updated", refresh(world, subscription))


def retrieve(world: World, _params: dict[str, Any], key: str) -> Thing:
    """One subscription."""
    return refresh(world, world.get(key, "subscription"))


def listed(world: World, params: dict[str, Any]) -> list[Thing]:
    """Subscriptions by customer and status; ended ones only when `status` asks for them."""
    equal = {"customer": params["customer"]} if params.get("customer") else {}
    status = params.get("status")
    found = world.store.every("subscription", **equal)
    if status == "all":
        return found
    return [row for row in found if (row["status"] == status if status else row["status"] not in ENDED)]


def items(world: World, params: dict[str, Any]) -> list[Thing]:
    """Items of a subscription."""
    return world.store.every("subscription_item", subscription=params.get("subscription"))
