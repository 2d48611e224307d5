"""Payment intents, charges, balance transactions and refunds: the only place where the ledger is written for sales."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from payments.sandbox import disputes
from payments.sandbox.cards import behaviour
from payments.sandbox.errors import Refusal, declined, needed
from payments.sandbox.forms import whole
from payments.sandbox.ledger import BALANCE, CUSTOMERS, FEES

if TYPE_CHECKING:
    from payments.sandbox.store import Thing
    from payments.sandbox.world import World

FEE_FIXED, FEE_PER_MILLE = 25, 15


def fee_of(amount: int) -> int:
    """What the processor keeps of a payment (1.5% and 25 cents, as European cards cost)."""
    return min(amount, FEE_FIXED + amount * FEE_PER_MILLE // 1000)


def intent_make(world: World, amount: int, currency: str, customer: str | None, metadata: dict[str, str]) -> Thing:
    """A payment intent that waits for a card."""
    intent = world.make("payment_intent", "pi", amount=amount, currency=currency, customer=customer, metadata=metadata)
    world.change(intent, client_secret=f"{intent['id']}_secret_sandbox")
    world.emit("payment_intent.created", intent)
    return intent


def intent_pay(world: World, intent: Thing, method: Thing, *, is_present: bool, passed: bool = False) -> Thing:
    """Charge the card; raises the bank's refusal. `is_present`: somebody is there and can pass 3-D Secure.

    An intent that needs 3-D Secure is left in `requires_action`.
    """
    card = behaviour(method)
    if card.asks and is_present and not passed:
        action = {"type": "redirect_to_url", "redirect_to_url": {"url": world.base_url, "return_url": None}}
        world.change(intent, status="requires_action", next_action=action, payment_method=method["id"])
        world.emit("payment_intent.requires_action", intent)
        return intent
    refused = card.decline if is_present else card.later
    if refused:
        charge = _charge(world, intent, method, refused)
        error = declined("card_declined", refused, charge=charge["id"])
        world.change(
            intent, status="requires_payment_method", latest_charge=charge["id"], next_action=None,
            last_payment_error=error.error,
        )  # fmt: skip
        world.emit("charge.failed", charge)
        world.emit("payment_intent.payment_failed", intent)
        raise error
    charge = _charge(world, intent, method, "")
    world.change(
        intent, status="succeeded", latest_charge=charge["id"], amount_received=intent["amount"], next_action=None,
        payment_method=method["id"], last_payment_error=None,
    )  # fmt: skip
    world.emit("charge.succeeded", charge)
    world.emit("payment_intent.succeeded", intent)
    if card.is_disputed:
        disputes.opened(world, charge)
    return intent


def _charge(world: World, intent: Thing, method: Thing, refused: str) -> Thing:
    amount, currency = intent["amount"], intent["currency"]
    about = {
        name: method["card"][name]
        for name in ("brand", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4")
    }
    details = {"type": "card", "card": about | {"network": "visa", "three_d_secure": None, "wallet": None}}
    shared = {
        "amount": amount, "currency": currency, "customer": intent["customer"], "payment_intent": intent["id"],
        "payment_method": method["id"], "payment_method_details": details, "metadata": intent["metadata"],
        "billing_details": method["billing_details"],
    }  # fmt: skip
    if refused:
        outcome = _outcome("declined_by_network", "The bank did not authorise the payment.", "issuer_declined")
        failed = {"status": "failed", "paid": False, "captured": False, "failure_code": "card_declined"}
        return world.make(
            "charge", "ch", **shared, **failed, failure_message="Your card was declined.", outcome=outcome
        )
    charge = world.make(
        "charge", "ch", **shared, amount_captured=amount,
        outcome=_outcome("approved_by_network", "Payment complete.", "authorized"),
    )  # fmt: skip
    fee = fee_of(amount)
    world.post(f"charge {charge['id']}", currency, **{CUSTOMERS: -amount, BALANCE: amount - fee, FEES: fee})
    line = transaction(world, charge["id"], "charge", currency, amount=amount, fee=fee)
    url = f"{world.base_url}/papers/receipts/{charge['id']}"
    return world.change(charge, balance_transaction=line["id"], receipt_url=url)


def _outcome(status: str, message: str, kind: str) -> dict[str, Any]:
    empty = {"advice_code": None, "network_advice_code": None, "network_decline_code": None, "reason": None}
    return empty | {"network_status": status, "seller_message": message, "type": kind}


def transaction(world: World, source: str, kind: str, currency: str, *, amount: int, fee: int) -> Thing:
    """A line of the balance."""
    about = {
        "amount": fee,
        "application": None,
        "currency": currency,
        "description": "Processing",
        "type": "stripe_fee",
    }
    category = {"adjustment": "dispute"}.get(kind, kind)
    return world.make(
        "balance_transaction", "txn", source=source, type=kind, reporting_category=category, amount=amount, fee=fee,
        net=amount - fee, currency=currency, available_on=world.now, fee_details=[about] if fee else [],
    )  # fmt: skip


def refund_create(world: World, params: dict[str, Any]) -> Thing:
    """Give back a payment, or a part of it."""
    charge = _refundable(world, params)
    left = charge["amount"] - charge["amount_refunded"]
    amount = whole(params, "amount", left) or 0
    if any(row["status"] != "won" for row in world.store.every("dispute", charge=charge["id"])):
        raise Refusal("Charge has been charged back; cannot issue a refund.", code="charge_disputed")
    if not left:
        raise Refusal(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if not 0 < amount <= left:
        raise Refusal(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount")
    refund = world.make(
        "refund", "re", amount=amount, currency=charge["currency"], charge=charge["id"],
        payment_intent=charge["payment_intent"], reason=params.get("reason") or None,
        metadata=params.get("metadata") or {},
    )  # fmt: skip
    world.post(f"refund {refund['id']}", charge["currency"], **{CUSTOMERS: amount, BALANCE: -amount})
    line = transaction(world, refund["id"], "refund", charge["currency"], amount=-amount, fee=0)
    world.change(refund, balance_transaction=line["id"])
    given = charge["amount_refunded"] + amount
    world.change(charge, amount_refunded=given, refunded=given == charge["amount"])
    world.emit("refund.created", refund)
    world.emit("charge.refunded", charge)
    return refund


def _refundable(world: World, params: dict[str, Any]) -> Thing:
    if params.get("charge"):
        return world.get(params["charge"], "charge")
    if not params.get("payment_intent"):
        raise needed("payment_intent")
    intent = world.get(params["payment_intent"], "payment_intent")
    if intent["status"] != "succeeded":
        raise Refusal("This PaymentIntent does not have a successful charge to refund.", param="payment_intent")
    return world.get(intent["latest_charge"], "charge")
