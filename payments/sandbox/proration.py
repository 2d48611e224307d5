"""What a change of quantity in the middle of a period costs, and which coupons count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from payments.sandbox.errors import needed
from payments.sandbox.forms import whole
from payments.sandbox.invoices import drafted, line_of
from payments.sandbox.periods import after, part
from payments.sandbox.shapes import shape

if TYPE_CHECKING:
    from payments.sandbox.store import Thing
    from payments.sandbox.world import World


def lines_of(world: World, subscription: Thing, item: Thing, quantity: int) -> list[Thing]:
    """A credit for the old quantity and a charge for the new one, for what is left of the period."""
    from payments.sandbox.subscriptions import parent_of  # noqa: PLC0415  (they change quantities)

    if subscription["status"] == "trialing" or quantity == item["quantity"]:
        return []
    price, now = item["price"], world.now
    starts, ends = item["current_period_start"], item["current_period_end"]
    parent = parent_of(subscription, item, is_proration=True)
    found = []
    for count, sign, says in ((item["quantity"], -1, "Unused time on"), (quantity, 1, "Remaining time on")):
        amount = part(sign * count * price["unit_amount"], now, starts, ends)
        found.append(line_of(world, amount, price, count, (now, ends), says=f"{says} {count} seats", parent=parent,
                             subscription=subscription["id"]))  # fmt: skip
    return found


def waiting(world: World, subscription: Thing) -> list[Thing]:
    """Lines that wait for the next invoice; they are used up by this question."""
    found = [row for row in world.store.every("invoiceitem", _of=subscription["id"]) if not row.get("_used")]
    for row in found:
        world.change(row, _used=True)
    return [row["_line"] for row in found][::-1]


def coupons_of(world: World, subscription: Thing, *, count: bool = True) -> list[tuple[str, Thing]]:
    """The discounts that still run, as (discount id, coupon); one for a single invoice ends with it."""
    found = []
    for key in subscription["discounts"]:
        discount = world.get(key, "discount")
        coupon = world.get(discount["source"]["coupon"], "coupon")
        if (discount["end"] and discount["end"] <= world.now) or (coupon["duration"] == "once" and discount["_used"]):
            continue
        if count and subscription["status"] != "trialing":
            world.change(discount, _used=discount["_used"] + 1)
        found.append((key, coupon))
    return found


def preview(world: World, params: dict[str, Any]) -> Thing:
    """The invoice that a change would make; nothing is written."""
    if not params.get("subscription"):
        raise needed("subscription")
    subscription = world.get(params["subscription"], "subscription")
    details = params.get("subscription_details") or {}
    now_only = details.get("proration_behavior") == "always_invoice"
    lines: list[Thing] = []
    for given in details.get("items") or []:
        item = world.get(given.get("id"), "subscription_item")
        quantity = whole(given, "quantity", item["quantity"]) or 0
        lines += lines_of(world, subscription, item, quantity)
        if not now_only:
            lines.append(_next_line(world, subscription, item, quantity))
    if not details.get("items"):
        items = subscription["items"]["data"]
        lines += [_next_line(world, subscription, item, item["quantity"]) for item in items]
        waits = world.store.every("invoiceitem", _of=subscription["id"])
        lines += [row["_line"] for row in waits if not row.get("_used")]
    customer = world.get(subscription["customer"], "customer")
    coupons = coupons_of(world, subscription, count=False)
    page = {"object": "list", "data": lines, "has_more": False, "url": "/v1/invoices/upcoming/lines"}
    times = [(line["period"]["start"], line["period"]["end"]) for line in lines] or [(world.now, world.now)]
    about = {"subscription": subscription["id"], "metadata": subscription["metadata"]}
    parent = {"type": "subscription_details", "subscription_details": about, "quote_details": None}
    return shape("invoice") | drafted(customer, subscription["currency"], lines, coupons) | {
        "id": f"upcoming_in_{subscription['id'][4:]}", "object": "invoice", "created": world.now, "lines": page,
        "parent": parent, "period_start": min(times)[0], "period_end": max(end for _, end in times),
    }  # fmt: skip


def _next_line(world: World, subscription: Thing, item: Thing, quantity: int) -> Thing:
    from payments.sandbox.subscriptions import parent_of  # noqa: PLC0415  (likewise)

    price, starts = item["price"], item["current_period_end"]
    terms = price["recurring"]
    ends = after(starts, terms["interval"], terms["interval_count"], subscription["billing_cycle_anchor"])
    return line_of(world, quantity * price["unit_amount"], price, quantity, (starts, ends),
                   parent=parent_of(subscription, item), subscription=subscription["id"])  # fmt: skip
