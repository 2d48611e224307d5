"""What a person sees: the pay page, the portal, papers, and a console over clock and disputes."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from payments.sandbox import catalog, checkout, disputes, portal, subscriptions, timeline
from payments.sandbox.cards import CARDS
from payments.sandbox.errors import Refusal, declined
from payments.sandbox.html import button, money, page, table
from payments.sandbox.money import intent_make

if TYPE_CHECKING:
    from payments.sandbox.store import Thing
    from payments.sandbox.world import World

DAY = 24 * 3600
Shown = tuple[int, str]


def pay_page(world: World, key: str, refused: str = "") -> Shown:
    """200 with the page, or 302 and an address when the session is over."""
    session = world.get(key, "checkout.session")
    if session["status"] != "open":
        return 302, _returning(session) if session["status"] == "complete" else session["cancel_url"] or "/"
    price = world.get(session["_price"], "price")
    product = world.get(price["product"], "product")
    days, total = checkout.trial_days(session), money(session["amount_total"], session["currency"])
    says = f"{session['_quantity']} x {escape(product['name'])}"
    rows = [(says, money(session["amount_subtotal"], session["currency"])), ("To pay today", f"<b>{total}</b>")]
    form = "".join(_choice(card.number, card.says, checked=i == 0) for i, card in enumerate(CARDS.values()))
    code = '<label class="code">Promotion code <input type="text" name="code"></label>'
    trial = f"<p>{days} days free; the first payment comes after them.</p>" if days else ""
    submit = "Start trial" if days else f"Pay {total}"
    bare = '<button name="card" value="">Start without a card</button>' if not checkout.needs_card(session) else ""
    back = session["cancel_url"] or "/"
    body = (
        f'{f"""<p class="bad" role="alert">{escape(refused)}</p>""" if refused else ""}{table(rows)}{trial}'
        f'<form method="post"><h2>Card</h2>{form}{code if session["allow_promotion_codes"] else ""}'
        f'<div class="row"><button class="go" name="act" value="pay">{submit}</button>{bare}'
        f'<a class="button" href="{escape(back)}">Go back without paying</a></div></form>'
    )
    return 200, page("Pay", body)


def _choice(number: str, says: str, *, checked: bool) -> str:
    shown = " ".join(number[i : i + 4] for i in range(0, 16, 4))
    mark = " checked" if checked else ""
    return (
        f'<label class="card"><input type="radio" name="card" value="{number}"{mark}>'
        f"<b>{escape(says)}</b> <span>{shown}</span></label>"
    )


def pay_post(world: World, key: str, form: dict[str, Any]) -> Shown:
    """Pay, ask for 3-D Secure, or show the page again with the reason."""
    try:
        with world.store.transaction():
            session = world.get(key, "checkout.session")
            number = str(form.get("card") or "")
            _ensure_payable(session, number, str(form.get("secure") or ""))
            code = str(form.get("code") or "")
            product = world.get(session["_price"], "price")["product"]
            promotion = catalog.promotion_find(world, code, product) if code else None
            checkout.pay(world, session, number, promotion, passed=form.get("secure") == "approve")
    except checkout.AuthenticationAsked:
        return 200, _secure_page(form)
    except Refusal as refusal:
        if refusal.error["type"] == "card_error":
            with world.store.transaction():
                _remember(world, key, refusal)
        return pay_page(world, key, str(refusal))
    return 302, _returning(session)


def _ensure_payable(session: Thing, number: str, secure: str) -> None:
    if not number and checkout.needs_card(session):
        raise Refusal("Choose a card.")
    if secure == "refuse":
        raise declined("authentication_required", "authentication_not_handled")


def _remember(world: World, key: str, refusal: Refusal) -> None:
    """A refused attempt leaves a payment intent that says why."""
    session = world.get(key, "checkout.session")
    about = (session["_params"].get("payment_intent_data") or {}).get("metadata") or {}
    amount = session["amount_total"] or session["amount_subtotal"]
    intent = intent_make(world, amount, session["currency"], session["customer"], about)
    world.change(intent, last_payment_error=refusal.error)
    world.emit("payment_intent.payment_failed", intent)


def _secure_page(form: dict[str, Any]) -> str:
    kept = {"card": str(form.get("card", "")), "code": str(form.get("code", ""))}
    buttons = button("", "Approve", "go", secure="approve", **kept) + button("", "Refuse", secure="refuse", **kept)
    return page("Your bank asks", f'<p>Is this payment yours? (3-D Secure)</p><div class="row">{buttons}</div>')


def _returning(session: Thing) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def portal_page(world: World, key: str, refused: str = "", said: str = "") -> Shown:
    """Subscriptions and the card of one customer."""
    session = world.get(key, "billing_portal.session")
    rows = []
    for subscription in world.store.every("subscription", customer=session["customer"]):
        item = subscriptions.items_of(world, subscription)[0]
        name = escape(world.get(item["price"]["product"], "product")["name"])
        ends = subscription["cancel_at_period_end"]
        act = "restart" if ends else "end"
        change = button("", "Keep it" if ends else "End with this period", act=act, of=subscription["id"])
        over = subscription["status"] in subscriptions.ENDED
        rows.append((f"{item['quantity']} x {name}", subscription["status"], "" if over else change))
    cards = "".join(_choice(card.number, card.says, checked=i == 0) for i, card in enumerate(CARDS.values()))
    body = (
        f'{f"""<p class="bad" role="alert">{escape(refused)}</p>""" if refused else ""}'
        f'{f"<p>{escape(said)}</p>" if said else ""}{table(rows)}<h2>New card</h2><form method="post">'
        f'<input type="hidden" name="act" value="card">{cards}<div class="row">'
        f'<button class="go">Use this card</button></div></form>'
        f'<p><a href="{escape(session["return_url"] or "/")}">Back</a></p>'
    )
    return 200, page("Billing", body)


def portal_post(world: World, key: str, form: dict[str, Any]) -> Shown:
    """Change the card (and pay what is open), end or keep a subscription."""
    said = "Saved."
    try:
        with world.store.transaction():
            customer = world.get(world.get(key, "billing_portal.session")["customer"], "customer")
            if form.get("act") == "card":
                paid = portal.card_change(world, customer, str(form.get("card") or ""))
                said = f"Saved. Open invoices paid: {paid}."
            else:
                portal.ending(world, customer, str(form.get("of")), ends=form.get("act") == "end")
    except Refusal as refusal:
        return portal_page(world, key, refused=str(refusal))
    return portal_page(world, key, said=said)


def paper(world: World, kind: str, key: str) -> Shown:
    """An invoice or a receipt."""
    thing = world.get(key, "invoice" if kind == "invoices" else "charge")
    currency = thing["currency"]
    if kind == "receipts":
        rows = [("Paid", money(thing["amount"], currency)), ("Given back", money(thing["amount_refunded"], currency))]
        return 200, page("Receipt", table(rows))
    rows = [(escape(line["description"] or ""), money(line["amount"], currency)) for line in thing["lines"]["data"]]
    total = [("Total", money(thing["total"], currency)), ("Paid", money(thing["amount_paid"], currency))]
    return 200, page(f"Invoice {thing['number']}", table(rows + total))


def console(world: World) -> Shown:
    """Clock and disputes, for whoever tries things out."""
    from datetime import UTC, datetime  # noqa: PLC0415  (only here)

    now = datetime.fromtimestamp(world.now, UTC).strftime("%d %B %Y, %H:%M UTC")
    moves = "".join(
        button("/", f"{days} {'day' if days == 1 else 'days'} on", act="clock", days=str(days))
        for days in (1, 3, 8, 31, 366)
    )
    charges = [
        (charge["id"], money(charge["amount"], charge["currency"]),
         button("/", "Dispute", act="dispute", of=charge["id"]) if charge["paid"] and not charge["disputed"] else "")
        for charge in world.store.every("charge")[:10]
    ]  # fmt: skip
    open_ones = [
        (dispute["id"], money(dispute["amount"], dispute["currency"]),
         button("/", "Won", act="won", of=dispute["id"]) + button("/", "Lost", act="lost", of=dispute["id"]))
        for dispute in world.store.every("dispute") if dispute["status"] in disputes.OPEN
    ]  # fmt: skip
    body = f'<p>It is {now}.</p><div class="row">{moves}</div><h2>Payments</h2>{table(charges)}'
    return 200, page(
        "Payments sandbox", f"{body}<h2>Open disputes</h2>{table(open_ones) if open_ones else '<p>None.</p>'}"
    )


def console_post(world: World, form: dict[str, Any]) -> Shown:
    """Move the clock, open or decide a dispute."""
    with world.store.transaction():
        if form.get("act") == "clock":
            timeline.move(world, int(str(form.get("days", "0"))) * DAY)
        elif form.get("act") == "dispute":
            disputes.opened(world, world.get(form.get("of"), "charge"))
        elif form.get("act") in {"won", "lost"}:
            disputes.closed(world, world.get(form.get("of"), "dispute"), str(form["act"]))
    return 302, "/"
