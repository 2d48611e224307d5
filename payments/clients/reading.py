"""Reads everything about one order from Stripe and says it in our words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from payments.domain.facts import DisputeFacts, DisputeState, OrderFacts, PaymentFacts, SubscriptionFacts

if TYPE_CHECKING:
    import stripe

INVOICES = 13
DISPUTE_STATES = {"won": DisputeState.WON, "warning_closed": DisputeState.WON, "lost": DisputeState.LOST}
Thing = dict[str, Any]


def plain(thing: Any) -> Thing:
    """An object of the SDK as plain values."""
    found: Thing = thing.to_dict(for_json=True)
    return found


class OrderReading:
    """One look at an order; `seen` collects the SDK's objects for the mirror."""

    def __init__(self, client: stripe.StripeClient, session: str) -> None:
        """Look at the checkout session with this id."""
        self.client = client
        self.session = session
        self.seen: list[Any] = []

    def facts(self) -> OrderFacts:
        """The facts."""
        session = self.client.v1.checkout.sessions.retrieve(self.session, {"expand": ["invoice"]})
        self.seen.append(session)
        found = plain(session)
        subscription: SubscriptionFacts | None = None
        payments: tuple[PaymentFacts, ...] = ()
        if found["subscription"]:
            subscription, payments = self._subscribed(found["subscription"])
        elif found["payment_intent"] and found["status"] == "complete":
            payment = self._payment(found["payment_intent"], found["invoice"] or {})
            payments = (payment,) if payment else ()
        return OrderFacts(
            session=found["id"],
            session_status=found["status"],
            payment_status=found["payment_status"],
            seats=int((found["metadata"] or {}).get("seats", 1)),
            completed_at=found["created"],
            total=found["amount_total"] or 0,
            payments=payments,
            subscription=subscription,
            refusal=self._refusal(found) if found["status"] == "open" else "",
        )

    def _subscribed(self, key: str) -> tuple[SubscriptionFacts, tuple[PaymentFacts, ...]]:
        subscription = self.client.v1.subscriptions.retrieve(key)
        found = plain(subscription)
        listed = self.client.v1.invoices.list({"subscription": key, "limit": INVOICES, "expand": ["data.payments"]})
        invoices = plain(listed)["data"]
        self.seen += [subscription, *(row for row in listed.data if row.amount_paid)]
        payments = [
            self._payment(payment["payment"]["payment_intent"], invoice)
            for invoice in invoices
            if invoice["amount_paid"]
            for payment in invoice["payments"]["data"]
            if payment["status"] == "paid" and payment["payment"].get("payment_intent")
        ]
        item = found["items"]["data"][0]
        unpaid = [row for row in invoices if row["status"] == "open" and row["attempted"]]
        facts = SubscriptionFacts(
            id=key,
            status=found["status"],
            seats=item["quantity"],
            started_at=found["start_date"],
            period_start=item["current_period_start"],
            period_end=item["current_period_end"],
            ends_with_period=bool(found["cancel_at_period_end"]),
            trial_end=found["trial_end"],
            ended_at=found["ended_at"],
            unpaid_since=min((row["created"] for row in unpaid), default=None),
            pay_url=next((row["hosted_invoice_url"] or "" for row in unpaid), ""),
        )
        return facts, tuple(payment for payment in payments if payment)

    def _payment(self, key: str, invoice: Thing) -> PaymentFacts | None:
        read = self.client.v1.payment_intents.retrieve(key, {"expand": ["latest_charge"]})
        intent = plain(read)
        charge = intent["latest_charge"]
        if intent["status"] != "succeeded" or not charge:
            return None
        self.seen += [read, read.latest_charge]
        card = (charge["payment_method_details"] or {}).get("card") or {}
        return PaymentFacts(
            intent=key,
            charge=charge["id"],
            amount=charge["amount_captured"],
            refunded=charge["amount_refunded"],
            currency=charge["currency"],
            paid_at=charge["created"],
            receipt_url=charge["receipt_url"] or "",
            invoice=invoice.get("id", ""),
            invoice_number=invoice.get("number") or "",
            invoice_url=invoice.get("hosted_invoice_url") or "",
            card=f"{card['brand'].title()} {card['last4']}" if card.get("last4") else "",
            disputes=tuple(self._disputes(charge["id"])) if charge["disputed"] else (),
        )

    def _disputes(self, charge: str) -> list[DisputeFacts]:
        listed = self.client.v1.disputes.list({"charge": charge, "limit": 10})
        self.seen += listed.data
        found = plain(listed)["data"]
        return [
            DisputeFacts(
                id=row["id"],
                state=DISPUTE_STATES.get(row["status"], DisputeState.OPEN),
                amount=row["amount"],
                reason=row["reason"],
                opened_at=row["created"],
                due_at=row["evidence_details"]["due_by"],
            )
            for row in found
        ]

    def _refusal(self, session: Thing) -> str:
        """Why the last attempt on the open page came to nothing, when the processor says it."""
        if not session["customer"]:
            return ""
        tried = plain(self.client.v1.payment_intents.list({"customer": session["customer"], "limit": 5}))["data"]
        for intent in tried:
            error = intent["last_payment_error"]
            if error and intent["created"] >= session["created"]:
                return str(error.get("message") or "")
        return ""
