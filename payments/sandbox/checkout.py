"""Checkout sessions: made by the product, finished by a person on the pay page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from payments.sandbox import subscriptions
from payments.sandbox.cards import method_make
from payments.sandbox.catalog import off, redeemed
from payments.sandbox.errors import Refusal, needed
from payments.sandbox.forms import chosen, truth, whole
from payments.sandbox.invoices import invoice_make, invoice_pay, line_of

if TYPE_CHECKING:
    from payments.sandbox.store import Thing
    from payments.sandbox.world import World

DAY = 24 * 3600
MODES = ("payment", "subscription")


def create(world: World, params: dict[str, Any]) -> Thing:
    """A session with its page; the address to send the buyer to is `url`."""
    mode = chosen(params, "mode", MODES)
    items = params.get("line_items") or []
    for name, value in (("mode", mode), ("line_items", items), ("success_url", params.get("success_url"))):
        if not value:
            raise needed(name)
    price = world.get(items[0].get("price"), "price")
    if (mode == "subscription") != (price["type"] == "recurring"):
        raise Refusal(f"The price of this line item does not fit mode `{mode}`.", param="line_items[0][price]")
    quantity = whole(items[0], "quantity", 1) or 0
    if quantity < 1:
        raise Refusal("This value must be greater than or equal to 1.", param="line_items[0][quantity]")
    customer = world.get(params["customer"], "customer") if params.get("customer") else None
    trial = (params.get("subscription_data") or {}).get("trial_period_days")
    amount = quantity * price["unit_amount"]
    session = world.make(
        "checkout.session", "cs_test", mode=mode, customer=customer["id"] if customer else None,
        amount_subtotal=amount, amount_total=0 if trial else amount, currency=price["currency"],
        success_url=params["success_url"], cancel_url=params.get("cancel_url") or None,
        client_reference_id=params.get("client_reference_id") or None, metadata=params.get("metadata") or {},
        allow_promotion_codes=truth(params, "allow_promotion_codes"),
        customer_email=params.get("customer_email") or None,
        expires_at=whole(params, "expires_at", world.now + DAY),
        payment_method_collection=chosen(params, "payment_method_collection", ("always", "if_required"), "always"),
        invoice_creation=_invoice_creation(params) if mode == "payment" else None,
        _price=price["id"], _quantity=quantity, _params=params, _error=None,
    )  # fmt: skip
    return world.change(session, url=f"{world.base_url}/pay/{session['id']}")


def _invoice_creation(params: dict[str, Any]) -> dict[str, Any]:
    wanted = truth(params.get("invoice_creation") or {}, "enabled")
    data = dict.fromkeys(("account_tax_ids", "custom_fields", "description", "footer", "issuer", "rendering_options"))
    return {"enabled": wanted, "invoice_data": data | {"metadata": {}}}


def retrieve(world: World, _params: dict[str, Any], key: str) -> Thing:
    """One session."""
    return world.get(key, "checkout.session")


def listed(world: World, params: dict[str, Any]) -> list[Thing]:
    """Sessions by subscription, payment intent or customer."""
    names = ("subscription", "payment_intent", "customer")
    return world.store.every("checkout.session", **{name: params[name] for name in names if params.get(name)})


def expire(world: World, _params: dict[str, Any], key: str) -> Thing:
    """Close an open session."""
    session = world.get(key, "checkout.session")
    if session["status"] != "open":
        raise Refusal('Only Checkout Sessions with a status in ["open"] can be expired.')
    world.change(session, status="expired", url=None)
    world.emit("checkout.session.expired", session)
    return session


def trial_days(session: Thing) -> int:
    """Days of trial that the session gives."""
    return whole(session["_params"].get("subscription_data") or {}, "trial_period_days", 0) or 0


def needs_card(session: Thing) -> bool:
    """Whether the page asks for a card: always, but for a trial that may begin without one."""
    return not (trial_days(session) and session["payment_method_collection"] == "if_required")


def pay(world: World, session: Thing, number: str, promotion: Thing | None, *, passed: bool) -> Thing:
    """Finish the session with a card (or none for a free trial); raises the bank's refusal, which changes nothing else.

    A card that asks for 3-D Secure leaves the session open until it was `passed`.
    """
    if session["status"] != "open":
        raise Refusal("This Checkout Session is no longer active.")
    customer = _customer(world, session)
    method = method_make(world, number, customer["id"], customer["email"]) if number else None
    finish = _subscribed if session["mode"] == "subscription" else _bought
    made = finish(world, session, customer, method, promotion, passed=passed)
    if method is not None:
        settings = customer["invoice_settings"] | {"default_payment_method": method["id"]}
        world.change(customer, invoice_settings=settings)
    details = {
        "address": None, "business_name": None, "email": customer["email"], "individual_name": None,
        "name": customer["name"], "phone": None, "tax_exempt": "none", "tax_ids": [],
    }  # fmt: skip
    world.change(session, status="complete", url=None, customer_details=details, customer=customer["id"], **made)
    world.emit("checkout.session.completed", session)
    return session


def _customer(world: World, session: Thing) -> Thing:
    if session["customer"]:
        return world.get(session["customer"], "customer")
    customer = world.make("customer", "cus", email=session["customer_email"])
    world.emit("customer.created", customer)
    return customer


def _subscribed(
    world: World, session: Thing, customer: Thing, method: Thing | None, promotion: Thing | None, *, passed: bool
) -> dict[str, Any]:
    data, days = session["_params"].get("subscription_data") or {}, trial_days(session)
    settings = (data.get("trial_settings") or {}).get("end_behavior") or {}
    subscription = subscriptions.start(
        world, customer=customer, price=world.get(session["_price"], "price"), quantity=session["_quantity"],
        metadata=data.get("metadata") or {}, trial_end=world.now + days * DAY if days else None,
        missing=settings.get("missing_payment_method", "create_invoice"), method=method, promotion=promotion,
        is_present=True, passed=passed,
    )  # fmt: skip
    invoice = world.get(subscription["latest_invoice"], "invoice")
    if invoice["status"] == "open":
        raise AuthenticationAsked
    paid = "paid" if invoice["amount_paid"] else "no_payment_required"
    return {
        "subscription": subscription["id"], "invoice": invoice["id"], "payment_status": paid,
        "amount_subtotal": invoice["subtotal"], "amount_total": invoice["total"],
        "total_details": _details(invoice), "discounts": _discounts(promotion),
    }  # fmt: skip


def _bought(
    world: World, session: Thing, customer: Thing, method: Thing | None, promotion: Thing | None, *, passed: bool
) -> dict[str, Any]:
    price, quantity, now = world.get(session["_price"], "price"), session["_quantity"], world.now
    coupons = _coupons(world, customer, promotion)
    line = line_of(world, quantity * price["unit_amount"], price, quantity, (now, now))
    about = (session["_params"].get("payment_intent_data") or {}).get("metadata") or {}
    invoice = invoice_make(world, customer, price["currency"], [line], reason="manual", coupons=coupons, metadata=about)
    invoice_pay(world, invoice, method, is_present=True, passed=passed)
    if invoice["status"] == "open":
        raise AuthenticationAsked
    payments = world.store.every("invoice_payment", invoice=invoice["id"])
    return {
        "payment_intent": payments[0]["payment"]["payment_intent"] if payments else None,
        "invoice": invoice["id"] if session["invoice_creation"]["enabled"] else None,
        "payment_status": "paid" if payments else "no_payment_required", "amount_subtotal": invoice["subtotal"],
        "amount_total": invoice["total"], "total_details": _details(invoice), "discounts": _discounts(promotion),
    }  # fmt: skip


class AuthenticationAsked(Exception):
    """The card wants 3-D Secure first; what was begun is taken back."""


def _coupons(world: World, customer: Thing, promotion: Thing | None) -> list[tuple[str, Thing]]:
    if promotion is None:
        return []
    coupon = world.get(promotion["promotion"]["coupon"], "coupon")
    source = {"type": "coupon", "coupon": coupon["id"]}
    discount = world.make(
        "discount", "di", source=source, customer=customer["id"], promotion_code=promotion["id"], start=world.now
    )
    redeemed(world, promotion["id"])
    return [(discount["id"], coupon)]


def _details(invoice: Thing) -> dict[str, int]:
    taken = sum(row["amount"] for row in invoice["total_discount_amounts"])
    return {"amount_discount": taken, "amount_shipping": 0, "amount_tax": 0}


def _discounts(promotion: Thing | None) -> list[dict[str, Any]]:
    return [] if promotion is None else [{"coupon": None, "promotion_code": promotion["id"]}]


def price_off(session: Thing, coupon: Thing) -> int:
    """What a code takes off this session's amount."""
    return off(coupon, session["amount_subtotal"])
