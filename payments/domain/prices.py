"""What a price may be: how often, for whom, how long one may try it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from payments.domain.money import DIGITS, Money

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST, MOST = 100, 9_999_999
TRIAL_MOST_DAYS = 90
SEATS_MOST = 5000
PRICES_MOST = 6


class Interval(StrEnum):
    """How often one pays."""

    ONCE = "once"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class PriceTerms:
    """One price: `money` for each seat (or for all) at each payment; `trial_needs_card` counts with a trial only."""

    interval: Interval
    money: Money
    is_per_seat: bool = False
    trial_days: int = 0
    trial_needs_card: bool = True

    def problems(self) -> Iterator[tuple[str, dict[str, object]]]:
        """Codes, with their parameters, of everything that is wrong with it."""
        if self.money.currency not in DIGITS:
            yield "MP6010", {"currency": self.money.currency.upper(), "known": ", ".join(DIGITS).upper()}
        elif not LEAST <= self.money.amount <= MOST:
            least, most = (Money(amount, self.money.currency) for amount in (LEAST, MOST))
            yield "MP6011", {"least": str(least), "most": str(most)}
        if not 0 <= self.trial_days <= TRIAL_MOST_DAYS:
            yield "MP6012", {"most": TRIAL_MOST_DAYS}
        if self.trial_days and self.interval is Interval.ONCE:
            yield "MP6013", {}

    def total(self, seats: int) -> Money:
        """What one payment for that many seats costs."""
        return self.money.times(seats if self.is_per_seat else 1)


def monthly(terms: PriceTerms) -> int:
    """Minor units a month, for comparing; a price paid once counts as it is."""
    return terms.money.amount // 12 if terms.interval is Interval.YEAR else terms.money.amount
