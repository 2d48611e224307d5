"""One call of the API: key, version, route, parameters, idempotency, pages and expansion."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from payments.sandbox.errors import Refusal, missing
from payments.sandbox.forms import ensure_known, parsed, whole
from payments.sandbox.invoices import payments_of
from payments.sandbox.routes import ROUTES, Route
from payments.sandbox.world import API_VERSION, key_make, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from payments.sandbox.store import Thing
    from payments.sandbox.world import World

PAGE, PAGE_MOST = 10, 100
EMPTY = {"object": "list", "data": [], "has_more": False, "url": "/v1/customers/sources"}
INCLUDABLE: dict[tuple[str, str], Callable[[World, Thing], Any]] = {
    ("invoice", "payments"): payments_of,
    ("customer", "sources"): lambda _world, _customer: EMPTY,
    ("coupon", "applies_to"): lambda _world, coupon: {"products": coupon["_products"]},
    ("price", "currency_options"): lambda _world, _price: None,
    ("price", "tiers"): lambda _world, _price: None,
}
"""What an answer has only when `expand` asks for it."""
DEPTH_MOST = 4


@dataclass(frozen=True, slots=True)
class Call:
    """What came in; header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes out."""

    status: int
    body: str
    headers: Mapping[str, str]


def answer(world: World, call: Call) -> Answer:
    """Answer one call; a refusal leaves nothing behind."""
    try:
        status, body, replayed = _answered(world, call)
    except Refusal as refusal:
        status, body, replayed = refusal.status, json.dumps({"error": refusal.error}), False
    headers = {"Stripe-Version": API_VERSION, "Request-Id": key_make("req")}
    if replayed:
        headers["Idempotent-Replayed"] = "true"
    return Answer(status, body, headers)


def _answered(world: World, call: Call) -> tuple[int, str, bool]:
    _ensure_key(call.headers.get("authorization", ""))
    version = call.headers.get("stripe-version", API_VERSION)
    if version != API_VERSION:
        raise Refusal(f"Invalid Stripe API version: {version}", param="Stripe-Version")
    parts = urlsplit(call.target)
    route, keys = _route(call.method, parts.path)
    text = call.body if call.method == "POST" else parts.query
    params = parsed(text)
    ensure_known(params, route.params, is_list=route.is_list)
    key = call.headers.get("idempotency-key", "") if call.method == "POST" else ""
    with world.store.transaction():
        request = hashlib.sha256(f"{call.method} {parts.path} {text}".encode()).hexdigest()
        known = world.store.rows("SELECT request, status, body FROM answered WHERE key = ?", key) if key else []
        if known:
            return _repeated(known[0], request)
        body = json.dumps(visible(_made(world, route, params, keys)))
        if key:
            world.store.rows("INSERT INTO answered VALUES (?, ?, ?, ?)", key, request, 200, body)
    return 200, body, False


def _repeated(known: tuple[Any, ...], request: str) -> tuple[int, str, bool]:
    if known[0] != request:
        raise Refusal(
            "Keys for idempotent requests can only be used with the same parameters they were first used with.",
            kind="idempotency_error",
        )
    return int(known[1]), str(known[2]), True


def _ensure_key(header: str) -> None:
    scheme, _, given = header.partition(" ")
    key = b64decode(given).decode(errors="replace").partition(":")[0] if scheme == "Basic" else given
    if "_live_" in key:
        raise Refusal("The sandbox refuses live keys.", status=401)
    if not key.startswith(("sk_test_", "rk_test_")):
        raise Refusal("Invalid API Key provided.", status=401)


def _route(method: str, path: str) -> tuple[Route, list[str]]:
    for route in ROUTES:
        keys = route.match(method, path)
        if keys is not None:
            return route, keys
    raise Refusal(f"Unrecognized request URL ({method}: {path}).", status=404)


def _made(world: World, route: Route, params: dict[str, Any], keys: list[str]) -> Any:
    expand = params.pop("expand", [])
    made = route.handler(world, params, *keys)
    body = _page(made, params, route.path) if route.is_list else made
    for path in expand:
        names = path.split(".")
        if len(names) > DEPTH_MOST + int(route.is_list):
            raise Refusal("You cannot expand more than 4 levels of a property.", param="expand")
        _expanded(world, body, names, path)
    return body


def _page(found: list[Thing], params: dict[str, Any], path: str) -> Thing:
    size = whole(params, "limit", PAGE) or PAGE
    if not 1 <= size <= PAGE_MOST:
        raise Refusal(f"Invalid integer: limit must be between 1 and {PAGE_MOST}", param="limit")
    ids = [thing["id"] for thing in found]
    start, end = 0, len(found)
    for name in ("starting_after", "ending_before"):
        if params.get(name) and params[name] not in ids:
            raise missing("object", params[name])
    if params.get("starting_after"):
        start = ids.index(params["starting_after"]) + 1
    if params.get("ending_before"):
        end = ids.index(params["ending_before"])
        start = max(end - size, 0)
    data = found[start : min(start + size, end)]
    return {"object": "list", "data": data, "has_more": start + size < end, "url": path}


def _expanded(world: World, value: Any, names: list[str], path: str) -> None:
    if isinstance(value, list):
        for item in value:
            _expanded(world, item, names, path)
        return
    name, rest = names[0], names[1:]
    if (value.get("object"), name) in INCLUDABLE:
        value[name] = INCLUDABLE[value["object"], name](world, value)
    if name not in value:
        raise Refusal(f"This property cannot be expanded ({path}).", param="expand")
    if isinstance(value[name], str):
        found = world.store.get(value[name])
        if found is None:
            raise Refusal(f"This property cannot be expanded ({path}).", param="expand")
        value[name] = found
    elif isinstance(value[name], list):
        value[name] = [world.store.get(item) or item if isinstance(item, str) else item for item in value[name]]
    if rest and value[name] is not None:
        _expanded(world, value[name], rest, path)
