"""Invoices: made from a subscription's items and what waits, discounted, charged, retried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from payments.sandbox.catalog import off
from payments.sandbox.errors import Refusal
from payments.sandbox.money import intent_make, intent_pay
from payments.sandbox.world import key_make

if TYPE_CHECKING:
    from payments.sandbox.store import Thing
    from payments.sandbox.world import World

DAY = 24 * 3600
RETRY_DAYS = (3, 2, 2)


def line_of(world: World, amount: int, price: Thing, quantity: int, period: tuple[int, int], **more: Any) -> Thing:
    """One line, not yet on an invoice; `says` and `parent` come by name."""
    from payments.sandbox.shapes import shape  # noqa: PLC0415  (lines are no objects of their own)

    pricing = {
        "type": "price_details", "unit_amount_decimal": price["unit_amount_decimal"],
        "price_details": {"price": price["id"], "product": price["product"]},
    }  # fmt: skip
    product = world.get(price["product"], "product")["name"]
    return shape("line_item") | {
        "id": key_make("il"), "object": "line_item", "amount": amount, "subtotal": amount,
        "currency": price["currency"],
        "description": more.get("says") or f"{quantity} x {product}", "quantity": quantity, "pricing": pricing,
        "period": {"start": period[0], "end": period[1]}, "parent": more.get("parent"),
        "subscription": more.get("subscription"),
    }  # fmt: skip


def drafted(customer: Thing, currency: str, lines: list[Thing], coupons: list[tuple[str, Thing]]) -> dict[str, Any]:
    """The amounts of an invoice over these lines; coupons come as (discount id, coupon)."""
    subtotal, total, taken = sum(line["amount"] for line in lines), 0, []
    total = subtotal
    for discount, coupon in coupons:
        amount = off(coupon, max(total, 0))
        total -= amount
        taken.append({"amount": amount, "discount": discount})
    balance = customer["balance"]
    due = max(total + balance, 0)
    return {
        "currency": currency, "subtotal": subtotal, "subtotal_excluding_tax": subtotal, "total": total,
        "total_excluding_tax": total, "total_discount_amounts": taken, "amount_due": due, "amount_remaining": due,
        "starting_balance": balance, "ending_balance": min(total + balance, 0), "customer": customer["id"],
        "customer_email": customer["email"], "customer_name": customer["name"],
        "discounts": [discount for discount, _ in coupons],
    }  # fmt: skip


def invoice_make(
    world: World,
    customer: Thing,
    currency: str,
    lines: list[Thing],
    *,
    reason: str,
    coupons: list[tuple[str, Thing]],
    subscription: Thing | None = None,
    metadata: dict[str, str] | None = None,
) -> Thing:
    """An open invoice; the customer's credit balance is used up first."""
    customer = world.get(customer["id"], "customer")
    amounts = drafted(customer, currency, lines, coupons)
    number = f"{customer['invoice_prefix']}-{world.store.setting('invoices', 0) + 1:04d}"
    world.store.set("invoices", world.store.setting("invoices", 0) + 1)
    parent = None
    if subscription is not None:
        about = {"subscription": subscription["id"], "metadata": subscription["metadata"]}
        parent = {"type": "subscription_details", "subscription_details": about, "quote_details": None}
    starts = min(line["period"]["start"] for line in lines)
    ends = max(line["period"]["end"] for line in lines)
    invoice = world.make(
        "invoice", "in", **amounts, number=number, billing_reason=reason, parent=parent, status="open",
        period_start=starts, period_end=ends, effective_at=world.now, metadata=metadata or {},
        _subscription=subscription["id"] if subscription else None,
        status_transitions={"finalized_at": world.now, "marked_uncollectible_at": None, "paid_at": None,
                            "voided_at": None},
    )  # fmt: skip
    data = [line | {"invoice": invoice["id"]} for line in lines]
    page = {"object": "list", "data": data, "has_more": False, "url": f"/v1/invoices/{invoice['id']}/lines"}
    papers = f"{world.base_url}/papers/invoices/{invoice['id']}"
    world.change(invoice, lines=page, hosted_invoice_url=papers, invoice_pdf=f"{papers}/pdf")
    world.change(customer, balance=amounts["ending_balance"])
    world.emit("invoice.created", invoice)
    world.emit("invoice.finalized", invoice)
    return invoice


def invoice_pay(world: World, invoice: Thing, method: Thing | None, *, is_present: bool, passed: bool = False) -> Thing:
    """Charge an open invoice; raises the bank's refusal and plans the next attempt."""
    if invoice["status"] != "open":
        raise Refusal("Invoice is already paid" if invoice["status"] == "paid" else "Invoice cannot be paid")
    if not invoice["amount_due"]:
        return _paid(world, invoice, 0)
    if method is None:
        raise Refusal("There is no payment method to charge.", status=402, kind="card_error", code="card_declined")
    intent = _intent(world, invoice)
    try:
        intent_pay(world, intent, method, is_present=is_present, passed=passed)
    except Refusal:
        tried = invoice["attempt_count"] + 1
        following = world.now + RETRY_DAYS[tried - 1] * DAY if tried <= len(RETRY_DAYS) and not is_present else None
        world.change(invoice, attempt_count=tried, attempted=True, next_payment_attempt=following)
        world.emit("invoice.payment_failed", invoice)
        raise
    if intent["status"] == "requires_action":
        world.emit("invoice.payment_action_required", invoice)
        return invoice
    return _paid(world, invoice, invoice["amount_due"])


def _intent(world: World, invoice: Thing) -> Thing:
    for payment in world.store.every("invoice_payment", invoice=invoice["id"]):
        return world.get(payment["payment"]["payment_intent"], "payment_intent")
    intent = intent_make(world, invoice["amount_due"], invoice["currency"], invoice["customer"], invoice["metadata"])
    world.make(
        "invoice_payment", "inpay", invoice=invoice["id"], currency=invoice["currency"],
        amount_requested=invoice["amount_due"], payment={"type": "payment_intent", "payment_intent": intent["id"]},
    )  # fmt: skip
    return intent


def _paid(world: World, invoice: Thing, amount: int) -> Thing:
    for payment in world.store.every("invoice_payment", invoice=invoice["id"]):
        times = {"canceled_at": None, "paid_at": world.now}
        world.change(payment, status="paid", amount_paid=amount, status_transitions=times)
    world.change(
        invoice, status="paid", amount_paid=amount, amount_remaining=0, attempted=True, next_payment_attempt=None,
        attempt_count=max(invoice["attempt_count"], int(amount > 0)),
        status_transitions=invoice["status_transitions"] | {"paid_at": world.now},
    )  # fmt: skip
    world.emit("invoice.paid", invoice)
    if amount:
        world.emit("invoice.payment_succeeded", invoice)
    return invoice


def payments_of(world: World, invoice: Thing) -> dict[str, Any]:
    """The list that `expand[]=payments` adds."""
    found = world.store.every("invoice_payment", invoice=invoice["id"])
    return {"object": "list", "data": found, "has_more": False, "url": "/v1/invoice_payments"}


def listed(world: World, params: dict[str, Any]) -> list[Thing]:
    """Invoices by subscription, customer or status."""
    equal = {name: params[name] for name in ("customer", "status") if params.get(name)}
    if params.get("subscription"):
        equal["_subscription"] = params["subscription"]
    return world.store.every("invoice", **equal)


def payments_listed(world: World, params: dict[str, Any]) -> list[Thing]:
    """Invoice payments by invoice or by payment intent."""
    equal = {"invoice": params["invoice"]} if params.get("invoice") else {}
    intent = (params.get("payment") or {}).get("payment_intent")
    found = world.store.every("invoice_payment", **equal)
    return [row for row in found if intent is None or row["payment"]["payment_intent"] == intent]


def pay(world: World, params: dict[str, Any], key: str) -> Thing:
    """Pay an open invoice with the given or the customer's card; its subscription follows."""
    from payments.sandbox import subscriptions  # noqa: PLC0415  (they make invoices)

    invoice = world.get(key, "invoice")
    subscription = world.store.get(invoice["_subscription"] or "")
    method = world.store.get(params.get("payment_method") or "") or subscriptions.card(world, invoice, subscription)
    invoice_pay(world, invoice, method, is_present=False)
    if subscription is not None:
        subscriptions.settled(world, subscription)
    return invoice
