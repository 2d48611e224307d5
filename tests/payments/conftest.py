"""The shop that the tests of payments share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.payments.shop import Shop, sandbox_running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def shop(db: None, run_jobs: Callable[[], int]) -> Iterator[Shop]:  # noqa: ARG001  (the shop needs the database)
    """A shop with its own processor."""
    with sandbox_running() as sandbox:
        yield Shop(sandbox, run_jobs)
