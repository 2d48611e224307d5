"""Queries that may be given up: an answer that comes too late is none."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog
from django.db import OperationalError, connection, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

log = structlog.get_logger(__name__)


@contextmanager
def at_most(milliseconds: int, what: str) -> Iterator[None]:
    """Give up the block's reads after so long, each by itself; what they were to find stays unfound, and is logged."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout')")
            before = cursor.fetchone()[0]
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(milliseconds)])
            yield
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])
    except OperationalError as error:
        log.warning("query.given_up", what=what, error=str(error))
