from __future__ import annotations

import io

import pytest

from marketplace.core.body_slots import BodiesBusy, Slots, SlottedStream


def test_bodies_are_read_while_there_is_room_and_give_it_back() -> None:
    room = Slots(1, seconds=0.01)
    one, two = (SlottedStream(io.BytesIO(b"a line\nand more"), room) for _ in range(2))
    assert one.readline() == b"a line\n"
    assert one.read() == b"and more"
    with pytest.raises(BodiesBusy):
        two.read()
    one.release()
    one.release()
    assert two.read(6) == b"a line"


def test_body_that_is_not_read_takes_no_room() -> None:
    room = Slots(1, seconds=0.01)
    SlottedStream(io.BytesIO(b""), room).release()
    assert SlottedStream(io.BytesIO(b"all"), room).read() == b"all"
