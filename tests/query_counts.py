"""The proof that a page or a call asks as many queries for ten rows as for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from zeal import zeal_context

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (1, 10)


class SameQueries(Protocol):
    """The type of `assert_same_queries`."""

    def __call__(self, grow: Callable[[int], object], ask: Callable[[], object], *, most: int | None = None) -> int:
        """`grow(n)` adds n rows; `ask()` is measured after 1 and again after 20; returns the number of queries."""


def _count(ask: Callable[[], object]) -> tuple[int, str]:
    with CaptureQueriesContext(connection) as captured, zeal_context():
        ask()
    return len(captured), "\n".join(query["sql"] for query in captured.captured_queries)


@pytest.fixture
def assert_same_queries(db: None) -> SameQueries:  # noqa: ARG001  (queries need the database)
    """A function that fails when `ask()` needs more queries for ten rows than for one, or more than `most`."""

    def measure(grow: Callable[[int], object], ask: Callable[[], object], *, most: int | None = None) -> int:
        grow(SIZES[0])
        ask()
        few, few_said = _count(ask)
        grow(SIZES[1] - SIZES[0])
        many, many_said = _count(ask)
        assert few == many, f"{few} queries for one, {many} for ten:\n{few_said}\n\n{many_said}"
        assert most is None or many <= most, f"{many} queries, at most {most} are allowed:\n{many_said}"
        return many

    return measure
