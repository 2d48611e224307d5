"""Good inputs, damaged: every reader of strangers' bytes ends, and gives what can be stored or refuses."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import PIECES, SEEDS
from tests.fuzz.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator

HANGS_SECONDS = 60
EXAMPLES = {"scan": 12, "archive": 60}


@pytest.fixture(autouse=True)
def nothing_hangs() -> Iterator[None]:
    """What never ends fails, with the place where it is."""

    def give_up(*_: object) -> None:
        raise AssertionError("it does not end")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(HANGS_SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@st.composite
def damaged(draw: Any, seeds: tuple[bytes, ...]) -> bytes:
    """A good input in which pieces were cut out, put in, doubled or overwritten."""
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(data)))
        to = draw(st.integers(at, min(at + 40, len(data))))
        data[at:to] = draw(st.sampled_from((b"", bytes(data[at:to]) * 2, *PIECES)) | st.binary(max_size=8))
    return bytes(data)


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_any_damage_ends_in_a_refusal_or_in_something_that_can_be_stored(name: str) -> None:
    for seed in SEEDS[name]:
        TARGETS[name](seed)

    @settings(
        max_examples=EXAMPLES.get(name, 40), deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(damaged(SEEDS[name]))
    def check(data: bytes) -> None:
        TARGETS[name](data)

    check()


def test_every_target_has_a_good_input_to_begin_with() -> None:
    assert set(SEEDS) == set(TARGETS)
