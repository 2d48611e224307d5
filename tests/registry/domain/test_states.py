from __future__ import annotations

import itertools

import pytest

from registry.domain.states import MOVES, PENDING, SERVED, State, may_move

TABLE = """
draft → received
received → scanning rejected
scanning → published held rejected received
held → scanning published rejected removed unpublished
rejected → published
published → yanked quarantined removed unpublished
yanked → published quarantined removed
quarantined → published yanked removed
removed → published quarantined
unpublished →
"""
ALLOWED = {
    (before.strip(), after)
    for before, _, afters in (line.partition("→") for line in TABLE.strip().splitlines())
    for after in afters.split()
}


@pytest.mark.parametrize(("before", "after"), list(itertools.product(State, State)))
def test_move_is_possible_if_and_only_if_the_table_has_it(before: State, after: State) -> None:
    assert may_move(before, after) is ((before.value, after.value) in ALLOWED)


def test_every_state_has_its_line() -> None:
    assert set(MOVES) == set(State)
    assert not PENDING & SERVED
    assert State.UNPUBLISHED not in {after for _, after in ALLOWED if _ == "removed"}
