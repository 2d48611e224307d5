"""One launcher per data folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from house import lock
from house.console import Refused

if TYPE_CHECKING:
    from pathlib import Path


def test_second_holder_is_refused_with_the_name_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with lock.held(path, "script/server"), pytest.raises(Refused) as caught, lock.held(path, "script/manage"):
        pass
    assert f"in use by script/server (process {os.getpid()})" in str(caught.value)


def test_note_is_visible_while_the_lock_is_held(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with lock.held(path, "script/server") as note:
        note(serving=True)
        assert lock.holder(path) == {"what": "script/server", "pid": os.getpid(), "serving": True}


def test_lock_is_free_after_the_block(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert lock.holder(path) is None
    with lock.held(path, "script/server"):
        pass
    assert lock.holder(path) is None
