"""Roles and database inside the embedded cluster; the only module here that speaks SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

DATABASE, OWNER, APP, SUPERUSER = "market", "market_owner", "market_app", "postgres"


def answers(url: str) -> bool:
    """Whether a server lets us in at this address."""
    import psycopg  # noqa: PLC0415  (this module is loaded before the virtual environment is made)

    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _role(connection: psycopg.Connection, role: str, password: str) -> None:
    """Make a role or renew its password; only the SCRAM verifier travels and is logged."""
    from psycopg import sql  # noqa: PLC0415

    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    words = "ALTER ROLE {} LOGIN PASSWORD {}" if known else "CREATE ROLE {} LOGIN PASSWORD {}"
    connection.execute(sql.SQL(words).format(sql.Identifier(role), sql.Literal(verifier)))


def provision(maintenance_url: str, database_url: str, passwords: Mapping[str, str]) -> None:
    """Make the owner (owns the database, may create trusted extensions) and the app role (may connect); repeatable."""
    import psycopg  # noqa: PLC0415

    with psycopg.connect(maintenance_url, autocommit=True) as connection:
        for role, password in passwords.items():
            _role(connection, role, password)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE template0")
        connection.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
        connection.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {APP}")
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
