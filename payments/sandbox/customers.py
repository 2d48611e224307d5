"""Account, customers and their payment methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from payments.sandbox.cards import TOKENS, method_make
from payments.sandbox.errors import Refusal
from payments.sandbox.shapes import shape
from payments.sandbox.world import ACCOUNT

if TYPE_CHECKING:
    from payments.sandbox.store import Thing
    from payments.sandbox.world import World

FIELDS = ("email", "name", "phone", "description")


def account(world: World, _params: dict[str, Any]) -> Thing:
    """The one account."""
    return shape("account") | {"id": world.store.setting("account", ACCOUNT), "object": "account", "created": 0}


def account_by_id(world: World, params: dict[str, Any], key: str) -> Thing:
    """The one account, by its id."""
    found = account(world, params)
    if key != found["id"]:
        raise Refusal("The provided key does not have access to that account.", status=403, code="account_invalid")
    return found


def create(world: World, params: dict[str, Any]) -> Thing:
    """A customer."""
    given = {name: params.get(name) or None for name in FIELDS}
    customer = world.make("customer", "cus", metadata=params.get("metadata") or {}, **given)
    world.emit("customer.created", customer)
    return customer


def update(world: World, params: dict[str, Any], key: str) -> Thing:
    """Change a customer; metadata are merged, empty values take a key away."""
    customer = world.get(key, "customer")
    given: dict[str, Any] = {name: params[name] or None for name in FIELDS if name in params}
    if "metadata" in params:
        given["metadata"] = merged(customer["metadata"], params["metadata"])
    settings = params.get("invoice_settings") or {}
    if "default_payment_method" in settings:
        method = world.get(settings["default_payment_method"], "payment_method")
        given["invoice_settings"] = customer["invoice_settings"] | {"default_payment_method": method["id"]}
    world.change(customer, **given)
    world.emit("customer.updated", customer)
    return customer


def merged(before: dict[str, str], given: Any) -> dict[str, str]:
    """Metadata after a change."""
    whole = before | (given or {})
    return {key: value for key, value in whole.items() if value != ""}


def retrieve(world: World, _params: dict[str, Any], key: str) -> Thing:
    """One customer."""
    return world.get(key, "customer")


def listed(world: World, params: dict[str, Any]) -> list[Thing]:
    """Customers, by address when one is given."""
    return world.store.every("customer", **({"email": params["email"]} if params.get("email") else {}))


def method(world: World, _params: dict[str, Any], key: str) -> Thing:
    """One payment method."""
    return world.get(key, "payment_method")


def methods(world: World, params: dict[str, Any], key: str = "") -> list[Thing]:
    """The customer's payment methods."""
    return world.store.every("payment_method", customer=key or params.get("customer"))


def method_attach(world: World, params: dict[str, Any], key: str) -> Thing:
    """Give the customer a card; the names of test cards work too."""
    customer = world.get(params.get("customer"), "customer")
    if key in TOKENS:
        return method_make(world, TOKENS[key], customer["id"], customer["email"])
    found = world.change(world.get(key, "payment_method"), customer=customer["id"])
    world.emit("payment_method.attached", found)
    return found
