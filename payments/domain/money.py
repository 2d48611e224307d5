"""Money: whole minor units and a currency, never a float."""

from __future__ import annotations

import re
from dataclasses import dataclass

DIGITS = {"eur": 2, "usd": 2, "gbp": 2, "chf": 2, "sek": 2, "dkk": 2, "nok": 2, "pln": 2, "jpy": 0}
SIGNS = {"eur": "€", "usd": "$", "gbp": "£", "jpy": "¥"}
NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,2})?")


class CurrencyMismatch(ValueError):
    """Two currencies were mixed."""


class NotMoney(ValueError):
    """The text is no amount of this currency."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """`amount` minor units (cents) of `currency` (ISO 4217, lower case)."""

    amount: int
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other).amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other).amount, self.currency)

    def times(self, count: int) -> Money:
        """`count` times the amount."""
        return Money(self.amount * count, self.currency)

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other

    def __str__(self) -> str:
        """`€1,234.50`, `-€3.00`, or `CHF 3.00` where there is no sign."""
        digits = DIGITS.get(self.currency, 2)
        number = f"{abs(self.amount) / 10**digits:,.{digits}f}"
        sign = SIGNS.get(self.currency, f"{self.currency.upper()} ")
        return f"{'-' if self.amount < 0 else ''}{sign}{number}"


def money_parse(text: str, currency: str) -> Money:
    """`12`, `12.5` or `12,50` of a known currency; raises NotMoney for anything else."""
    digits = DIGITS.get(currency)
    if digits is None or NUMBER.fullmatch(text.strip()) is None:
        raise NotMoney(text)
    whole, _, part = text.strip().replace(",", ".").partition(".")
    if len(part) > digits:
        raise NotMoney(text)
    return Money(int(whole) * 10**digits + int(part.ljust(digits, "0") or 0), currency)
