"""Everything that the database holds, as one digest a table: the proof that a denied act changed nothing."""

from __future__ import annotations

from django.db import connection
from psycopg import sql

from marketplace.core import tenancy

OURS = ("marketplace_", "registry_", "payments_", "installs_", "reviews_", "account_", "mfa_", "djstripe_")
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
DIGEST = "SELECT {name}::text, count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM {table} t"


def snapshot() -> dict[str, tuple[int, str]]:
    """Rows and digest of each table of ours, whoever they belong to."""
    with tenancy.bound(tenancy.SYSTEM), connection.cursor() as cursor:
        cursor.execute(TABLES)
        names = [name for (name,) in cursor.fetchall() if name.startswith(OURS)]
        parts = [sql.SQL(DIGEST).format(name=sql.Literal(name), table=sql.Identifier(name)) for name in names]
        cursor.execute(sql.SQL(" UNION ALL ").join(parts).as_string())
        return {name: (count, digest) for name, count, digest in cursor.fetchall()}
