"""Where every amount went: each posting sums to zero, and so does the whole ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from payments.sandbox.store import Store

CUSTOMERS, BALANCE, FEES = "customers", "balance", "fees"


class Unbalanced(Exception):
    """A posting that does not sum to zero: a fault of the sandbox."""


def post(store: Store, posting: str, currency: str, at: int, **amounts: int) -> None:
    """Write one posting; raises Unbalanced when its amounts do not sum to zero."""
    if sum(amounts.values()):
        raise Unbalanced(posting)
    words = "INSERT INTO entry (posting, account, currency, amount, at) VALUES (?, ?, ?, ?, ?)"
    for account, amount in amounts.items():
        store.rows(words, posting, account, currency, amount, at)


def sums(store: Store) -> dict[str, dict[str, int]]:
    """By currency: what every account holds, and `total`, which is zero."""
    found: dict[str, dict[str, int]] = {}
    words = "SELECT currency, account, sum(amount) FROM entry GROUP BY currency, account"
    for currency, account, amount in store.rows(words):
        held = found.setdefault(currency, {"total": 0})
        held[account] = amount
        held["total"] += amount
    return found
