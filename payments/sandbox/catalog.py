"""Products, prices, coupons and promotion codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from payments.sandbox.customers import merged
from payments.sandbox.errors import Refusal, needed
from payments.sandbox.forms import chosen, truth, whole
from payments.sandbox.world import key_make

if TYPE_CHECKING:
    from payments.sandbox.store import Thing
    from payments.sandbox.world import World

INTERVALS = ("day", "week", "month", "year")
DURATIONS = ("once", "repeating", "forever")
MOST = 99_999_999


def product_create(world: World, params: dict[str, Any]) -> Thing:
    """A product."""
    if not params.get("name"):
        raise needed("name")
    given = {"name": params["name"], "description": params.get("description") or None, "updated": world.now}
    product = world.make("product", "prod", metadata=params.get("metadata") or {}, **given)
    world.emit("product.created", product)
    return product


def product_update(world: World, params: dict[str, Any], key: str) -> Thing:
    """Rename, describe or retire a product."""
    product = world.get(key, "product")
    given: dict[str, Any] = {name: params[name] for name in ("name", "description") if name in params}
    if "active" in params:
        given["active"] = truth(params, "active")
    if "metadata" in params:
        given["metadata"] = merged(product["metadata"], params["metadata"])
    world.change(product, updated=world.now, **given)
    world.emit("product.updated", product)
    return product


def price_create(world: World, params: dict[str, Any]) -> Thing:
    """A price of a product: once, or by an interval."""
    for name in ("currency", "product", "unit_amount"):
        if not params.get(name):
            raise needed(name)
    product, amount = world.get(params["product"], "product"), whole(params, "unit_amount", 0) or 0
    if not 0 <= amount <= MOST:
        raise Refusal("Invalid integer: the amount is out of range", param="unit_amount")
    given = {"product": product["id"], "currency": params["currency"].lower(), "unit_amount": amount}
    recurring = params.get("recurring")
    if recurring:
        interval = chosen(recurring, "interval", INTERVALS)
        if interval is None:
            raise needed("recurring[interval]")
        count = whole(recurring, "interval_count", 1)
        terms = {"interval": interval, "interval_count": count, "meter": None, "trial_period_days": None}
        given |= {"type": "recurring", "recurring": terms | {"usage_type": "licensed"}}
    given |= {"unit_amount_decimal": str(amount), "nickname": params.get("nickname") or None}
    price = world.make("price", "price", metadata=params.get("metadata") or {}, **given)
    world.emit("price.created", price)
    return price


def price_update(world: World, params: dict[str, Any], key: str) -> Thing:
    """Retire a price, or name it; amounts never change."""
    price = world.get(key, "price")
    given: dict[str, Any] = {"active": truth(params, "active")} if "active" in params else {}
    if "metadata" in params:
        given["metadata"] = merged(price["metadata"], params["metadata"])
    world.change(price, **given)
    world.emit("price.updated", price)
    return price


def coupon_create(world: World, params: dict[str, Any]) -> Thing:
    """A coupon: a share or an amount off, for one payment, some months, or always."""
    percent, amount = params.get("percent_off"), whole(params, "amount_off")
    if bool(percent) == bool(amount):
        raise Refusal("You must pass either percent_off or amount_off.", code="parameter_missing")
    if amount and not params.get("currency"):
        raise needed("currency")
    duration = chosen(params, "duration", DURATIONS, "once")
    months = whole(params, "duration_in_months")
    if duration == "repeating" and not months:
        raise needed("duration_in_months")
    coupon = world.make(
        "coupon", "coupon", percent_off=float(percent) if percent else None, amount_off=amount,
        currency=params.get("currency") or None, duration=duration, duration_in_months=months,
        max_redemptions=whole(params, "max_redemptions"), redeem_by=whole(params, "redeem_by"),
        name=params.get("name") or None, metadata=params.get("metadata") or {},
        _products=(params.get("applies_to") or {}).get("products", []),
    )  # fmt: skip
    world.emit("coupon.created", coupon)
    return coupon


def promotion_create(world: World, params: dict[str, Any]) -> Thing:
    """A code that people type at checkout for a coupon."""
    promotion = params.get("promotion") or {}
    coupon = world.get(promotion.get("coupon"), "coupon")
    code = params.get("code") or key_make("x")[2:10].upper()
    if any(row["active"] and row["code"].lower() == code.lower() for row in world.store.every("promotion_code")):
        raise Refusal("An active promotion code with this code already exists.", param="code")
    found = world.make(
        "promotion_code", "promo", code=code, promotion={"type": "coupon", "coupon": coupon["id"]},
        max_redemptions=whole(params, "max_redemptions"), expires_at=whole(params, "expires_at"),
        metadata=params.get("metadata") or {},
    )  # fmt: skip
    world.emit("promotion_code.created", found)
    return found


def promotion_update(world: World, params: dict[str, Any], key: str) -> Thing:
    """Stop a code, or start it again."""
    found = world.change(world.get(key, "promotion_code"), active=truth(params, "active", default=True))
    world.emit("promotion_code.updated", found)
    return found


def promotion_find(world: World, code: str, product: str) -> Thing:
    """The code as somebody typed it, for a product; raises the refusal that the pay page shows."""
    for found in world.store.every("promotion_code", active=True):
        coupon = world.get(found["promotion"]["coupon"], "coupon")
        if found["code"].lower() == code.strip().lower() and _is_open(world, found, coupon, product):
            return found
    raise Refusal("This code is invalid.", param="promotion_code")


def _is_open(world: World, found: Thing, coupon: Thing, product: str) -> bool:
    limits = [
        (row["times_redeemed"], row["max_redemptions"]) for row in (found, coupon) if row["max_redemptions"] is not None
    ]
    ends = [end for end in (found["expires_at"], coupon["redeem_by"]) if end is not None]
    fits = not coupon["_products"] or product in coupon["_products"]
    return fits and all(used < most for used, most in limits) and all(world.now < end for end in ends)


def redeemed(world: World, promotion: str) -> None:
    """Count one use of the code and of its coupon."""
    found = world.get(promotion, "promotion_code")
    coupon = world.get(found["promotion"]["coupon"], "coupon")
    world.change(found, times_redeemed=found["times_redeemed"] + 1)
    used = coupon["times_redeemed"] + 1
    most = coupon["max_redemptions"]
    world.change(coupon, times_redeemed=used, valid=most is None or used < most)


def off(coupon: Thing, amount: int) -> int:
    """How much the coupon takes off an amount."""
    if coupon["percent_off"] is not None:
        return int(amount * coupon["percent_off"] / 100 + 0.5)
    return min(int(coupon["amount_off"] or 0), amount)
