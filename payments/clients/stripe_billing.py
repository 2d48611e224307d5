"""Stripe, or the sandbox that speaks like it, through the official SDK."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings

from marketplace.core.errors import Invalid
from payments.clients.billing import Account, Given, SeatPreview
from payments.clients.mirror import mirror
from payments.clients.reading import OrderReading
from payments.clients.sdk import client, translated
from payments.domain.money import Money
from payments.domain.prices import Interval

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams

    from payments.clients.billing import Checkout, NewPrice
    from payments.domain.facts import OrderFacts

TOLERANCE_SECONDS = 300


class StripeBilling:
    """The one implementation: laptop and production differ by the host and the key only."""

    def account(self) -> Account:
        """See Billing."""
        with translated():
            found = client().raw_request("get", "/v1/account")
            return Account(json.loads(found.body)["id"], settings.STRIPE_LIVE_MODE)

    def customer_make(self, *, key: str, email: str, name: str) -> str:
        """See Billing."""
        with translated():
            made = client().v1.customers.create(
                {"email": email, "name": name, "metadata": {"account": key}}, {"idempotency_key": f"customer-{key}"}
            )
            return made.id

    def price_make(self, price: NewPrice) -> tuple[str, str]:
        """See Billing."""
        terms, api = price.terms, client().v1
        with translated():
            product = (
                price.product
                or api.products.create(
                    {"name": price.about, "metadata": {"price": price.key}}, {"idempotency_key": f"product-{price.key}"}
                ).id
            )
            params: dict[str, Any] = {
                "product": product,
                "currency": terms.money.currency,
                "unit_amount": terms.money.amount,
                "metadata": {"price": price.key},
            }
            if terms.interval is not Interval.ONCE:
                params["recurring"] = {"interval": terms.interval.value}
            made = api.prices.create(params, {"idempotency_key": f"price-{price.key}"})  # type: ignore[arg-type]  # built above
            return product, made.id

    def price_retire(self, price: str) -> None:
        """See Billing."""
        with translated():
            client().v1.prices.update(price, {"active": False})

    def promotion_make(self, *, key: str, code: str, percent: int, product: list[str], **limits: int | None) -> str:
        """See Billing."""
        months, api = limits.get("months"), client().v1
        coupon: dict[str, Any] = {
            "percent_off": percent,
            "duration": "repeating" if months else "once",
            "applies_to": {"products": product},
            "metadata": {"promotion": key},
        }
        if months:
            coupon["duration_in_months"] = months
        limited = {"max_redemptions": limits.get("most_uses"), "expires_at": limits.get("expires_at")}
        with translated():
            made = api.coupons.create(coupon, {"idempotency_key": f"coupon-{key}"})  # type: ignore[arg-type]  # built above
            params: dict[str, Any] = {"promotion": {"type": "coupon", "coupon": made.id}, "code": code}
            params |= {name: value for name, value in limited.items() if value is not None}
            found = api.promotion_codes.create(params, {"idempotency_key": f"promotion-{key}"})  # type: ignore[arg-type]  # likewise
            return found.id

    def promotion_stop(self, promotion: str) -> None:
        """See Billing."""
        with translated():
            client().v1.promotion_codes.update(promotion, {"active": False})

    def checkout_open(self, checkout: Checkout) -> tuple[str, str]:
        """See Billing."""
        with translated():
            made = client().v1.checkout.sessions.create(
                _session(checkout), {"idempotency_key": f"checkout-{checkout.order}"}
            )
            return made.id, made.url or ""

    def checkout_close(self, session: str) -> None:
        """See Billing."""
        with translated():
            if client().v1.checkout.sessions.retrieve(session).status == "open":
                client().v1.checkout.sessions.expire(session)

    def order_facts(self, session: str) -> OrderFacts:
        """See Billing."""
        with translated():
            return OrderReading(client(), session).facts()

    def order_mirror(self, session: str) -> list[str]:
        """See Billing."""
        with translated():
            reading = OrderReading(client(), session)
            reading.facts()
        return mirror(reading.seen)

    def order_of_event(self, payload: dict[str, Any]) -> dict[str, str]:
        """See Billing."""
        thing = payload["data"]["object"]
        kind, metadata = thing.get("object", ""), thing.get("metadata") or {}
        details = (thing.get("parent") or {}).get("subscription_details") or {}
        metadata = metadata or details.get("metadata") or {}
        found = {
            "order": metadata.get("order") or "",
            "session": thing["id"] if kind == "checkout.session" else "",
            "subscription": thing["id"] if kind == "subscription" else details.get("subscription") or "",
            "intent": thing["id"] if kind == "payment_intent" else thing.get("payment_intent") or "",
        }
        return {name: value for name, value in found.items() if isinstance(value, str) and value}

    def subscription_of_intent(self, intent: str) -> str:
        """See Billing."""
        with translated():
            payments = client().v1.invoice_payments.list(
                {"payment": {"type": "payment_intent", "payment_intent": intent}, "limit": 1}
            )
            for payment in payments.to_dict()["data"]:
                invoice = client().v1.invoices.retrieve(payment["invoice"]).to_dict()
                details = (invoice["parent"] or {}).get("subscription_details") or {}
                return str(details.get("subscription") or "")
            return ""

    def seats_preview(self, subscription: str, seats: int) -> SeatPreview:
        """See Billing."""
        with translated():
            item = self._item(subscription)
            changed: Any = {
                "subscription": subscription,
                "subscription_details": {
                    "items": [{"id": item["id"], "quantity": seats}],
                    "proration_behavior": "always_invoice",
                },
            }
            shown = client().v1.invoices.create_preview(changed).to_dict()
        price, proration = item["price"], sum(line["amount"] for line in shown["lines"]["data"])
        return SeatPreview(Money(proration, price["currency"]), Money(price["unit_amount"] * seats, price["currency"]))

    def seats_change(self, subscription: str, seats: int, *, is_more: bool, key: str) -> None:
        """See Billing."""
        with translated():
            item = self._item(subscription)
            params: Any = {"items": [{"id": item["id"], "quantity": seats}]}
            if is_more:
                params |= {"proration_behavior": "always_invoice", "payment_behavior": "error_if_incomplete"}
            else:
                params["proration_behavior"] = "create_prorations"
            client().v1.subscriptions.update(subscription, params, {"idempotency_key": key})

    def ending_set(self, subscription: str, *, ends: bool) -> None:
        """See Billing."""
        with translated():
            client().v1.subscriptions.update(subscription, {"cancel_at_period_end": ends})

    def subscription_end(self, subscription: str) -> None:
        """See Billing."""
        with translated():
            if client().v1.subscriptions.retrieve(subscription).status != "canceled":
                client().v1.subscriptions.cancel(subscription)

    def refund(self, intent: str, amount: int, *, key: str, reason: str) -> Given:
        """See Billing."""
        with translated():
            made = client().v1.refunds.create(
                {"payment_intent": intent, "amount": amount, "metadata": {"reason": reason[:500]}},
                {"idempotency_key": key},
            )
            return Given(made.id, made.amount)

    def portal_open(self, customer: str, return_url: str) -> str:
        """See Billing."""
        with translated():
            made = client().v1.billing_portal.sessions.create({"customer": customer, "return_url": return_url})
            return made.url

    def event_verify(self, body: bytes, signature: str) -> dict[str, Any]:
        """See Billing."""
        import stripe  # noqa: PLC0415  (takes 0.2 s)

        if not settings.STRIPE_WEBHOOK_SECRET:
            raise Invalid("MP6070")
        try:
            text = body.decode()
            stripe.WebhookSignature.verify_header(text, signature, settings.STRIPE_WEBHOOK_SECRET, TOLERANCE_SECONDS)
        except (stripe.SignatureVerificationError, UnicodeDecodeError) as error:
            raise Invalid("MP6070") from error
        try:
            found = json.loads(text)
            is_event = found["object"] == "event" and isinstance(found["data"]["object"], dict) and found["id"]
        except (ValueError, KeyError, TypeError) as error:
            raise Invalid("MP6072") from error
        if not is_event or bool(found.get("livemode")) != settings.STRIPE_LIVE_MODE:
            raise Invalid("MP6072")
        return dict(found)

    def _item(self, subscription: str) -> dict[str, Any]:
        found = client().v1.subscriptions.retrieve(subscription).to_dict()
        return dict(found["items"]["data"][0])


def _session(checkout: Checkout) -> SessionCreateParams:
    terms, metadata = checkout.terms, {"order": checkout.order, "seats": str(checkout.seats)}
    params: dict[str, Any] = {
        "mode": "payment" if terms.interval is Interval.ONCE else "subscription",
        "customer": checkout.customer,
        "client_reference_id": checkout.order,
        "line_items": [{"price": checkout.price, "quantity": checkout.seats if terms.is_per_seat else 1}],
        "success_url": checkout.success_url,
        "cancel_url": checkout.cancel_url,
        "allow_promotion_codes": True,
        "metadata": metadata,
    }
    if terms.interval is Interval.ONCE:
        params |= {"payment_intent_data": {"metadata": metadata}, "invoice_creation": {"enabled": True}}
        return params  # type: ignore[return-value]  # the keys above are the type's
    data: dict[str, Any] = {"metadata": metadata}
    if terms.trial_days:
        data["trial_period_days"] = terms.trial_days
        data["trial_settings"] = {"end_behavior": {"missing_payment_method": "cancel"}}
        params["payment_method_collection"] = "always" if terms.trial_needs_card else "if_required"
    return params | {"subscription_data": data}  # type: ignore[return-value]  # likewise
