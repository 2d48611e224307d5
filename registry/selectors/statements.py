"""Statements around what a queryset finds, for what its own methods cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

if TYPE_CHECKING:
    from django.db.models import QuerySet

Row = dict[str, Any]


def rows_around(words: str, found: QuerySet[Any, Any], *values: int) -> list[Row]:
    """Run `words` with what is found in the place of its braces, then `values`; nothing when nothing can be found."""
    query: Any = found.query
    try:
        sql, given = query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(words.format(sql), (*given, *values))
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
