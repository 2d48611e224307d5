"""Disputes: opened by the customer's bank, won or lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from payments.sandbox.errors import Refusal
from payments.sandbox.forms import truth
from payments.sandbox.ledger import BALANCE, CUSTOMERS, FEES

if TYPE_CHECKING:
    from payments.sandbox.store import Thing
    from payments.sandbox.world import World

FEE = 2000
DUE_SECONDS = 14 * 24 * 3600
OPEN = ("needs_response", "under_review")
WINNING, LOSING = "winning_evidence", "losing_evidence"


def opened(world: World, charge: Thing) -> Thing:
    """The bank takes the payment back until the matter is decided."""
    if charge["disputed"]:
        raise Refusal("This charge is disputed already.", param="charge")
    amount, currency = charge["amount"] - charge["amount_refunded"], charge["currency"]
    if not charge["paid"] or not amount:
        raise Refusal("There is nothing to dispute in this charge.", param="charge")
    dispute = world.make(
        "dispute", "dp", amount=amount, currency=currency, charge=charge["id"], payment_intent=charge["payment_intent"]
    )
    details = dispute["evidence_details"] | {"due_by": world.now + DUE_SECONDS}
    line = _moved(world, dispute, -amount, FEE)
    world.change(dispute, balance_transactions=[line], evidence_details=details)
    world.change(charge, disputed=True)
    world.emit("charge.dispute.created", dispute)
    world.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def closed(world: World, dispute: Thing, status: str) -> Thing:
    """Decide the matter: `won` brings the money back, `lost` leaves it with the customer."""
    if dispute["status"] not in OPEN:
        raise Refusal("This dispute is already closed.", param="dispute")
    if status == "won":
        line = _moved(world, dispute, dispute["amount"], -FEE)
        world.change(dispute, balance_transactions=[*dispute["balance_transactions"], line])
        world.emit("charge.dispute.funds_reinstated", dispute)
    world.change(dispute, status=status)
    world.emit("charge.dispute.closed", dispute)
    return dispute


def _moved(world: World, dispute: Thing, amount: int, fee: int) -> Thing:
    from payments.sandbox.money import transaction  # noqa: PLC0415  (money opens disputes)

    posting = f"dispute {dispute['id']} {amount}"
    world.post(posting, dispute["currency"], **{BALANCE: amount - fee, FEES: fee, CUSTOMERS: -amount})
    return transaction(world, dispute["id"], "adjustment", dispute["currency"], amount=amount, fee=fee)


def update(world: World, params: dict[str, Any], key: str) -> Thing:
    """Answer with evidence; the text `winning_evidence` or `losing_evidence` decides at once, as in test mode."""
    dispute = world.get(key, "dispute")
    text = (params.get("evidence") or {}).get("uncategorized_text")
    if text:
        world.change(dispute, evidence=dispute["evidence"] | {"uncategorized_text": text})
    if not truth(params, "submit", default=True):
        return dispute
    if text in {WINNING, LOSING}:
        return closed(world, dispute, "won" if text == WINNING else "lost")
    world.change(dispute, status="under_review")
    world.emit("charge.dispute.updated", dispute)
    return dispute


def close(world: World, _params: dict[str, Any], key: str) -> Thing:
    """Give the dispute up."""
    return closed(world, world.get(key, "dispute"), "lost")
