"""Fifty people are given seats at the same moment; only as many get one as were paid for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from marketplace.core import tenancy
from marketplace.core.errors import Conflict
from payments.models import Licence, Seat
from payments.services.seats import seat_give
from tests.payments.shop import Shop, sandbox_running

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketplace.models import User

PEOPLE, PAID = 50, 7


@pytest.mark.django_db(transaction=True)
def test_fifty_seats_at_once_are_never_more_than_were_paid_for(run_jobs: Callable[[], int]) -> None:
    with sandbox_running() as sandbox, tenancy.bound(tenancy.SYSTEM):
        shop = Shop(sandbox, run_jobs)
        people = [shop.person(f"person{number}") for number in range(PEOPLE)]
        organization = shop.organization(shop.buyer, *people)
        licence = shop.bought(shop.price("month", 300, is_per_seat=True), PAID, organization)
        by = shop.viewer(shop.buyer)

        def give(person: User) -> str:
            with tenancy.bound(tenancy.SYSTEM):
                try:
                    seat_give(licence=licence, user=person, by=by)
                except Conflict as refused:
                    return refused.code
                finally:
                    connection.close()
            return "given"

        with ThreadPoolExecutor(max_workers=16) as pool:
            outcomes = list(pool.map(give, people))

        assert (outcomes.count("given"), outcomes.count("MP6042")) == (PAID, PEOPLE - PAID)
        assert Seat.objects.filter(released_at=None).count() == PAID
        assert Licence.objects.get().seats_taken == PAID
