"""The ground's checks of the doctor: settings, database, row-level security, queue, mail, clock, worker."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.mail import get_connection
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from marketplace.core import tenancy
from marketplace.core.checkup import Level, Line
from marketplace.models import OutboxEntry, User
from marketplace.services.heartbeat import seconds_since_heartbeat

if TYPE_CHECKING:
    from collections.abc import Iterator

OLDEST_SERVER = 150_000
SECRET_LENGTH = 50
LATE_SECONDS = 120
CLOCK_SECONDS = 2.0
BEAT_SECONDS = 30


def settings_look() -> Iterator[Line]:
    """The public address, secrets, and switches that are for laptops."""
    address = urlsplit(settings.BASE_URL)
    if address.scheme == "https":
        yield Line(Level.OK, "settings", f"BASE_URL is {settings.BASE_URL}")
    else:
        yield Line(
            Level.WARNING,
            "settings",
            f"BASE_URL is {settings.BASE_URL}, without https",
            "Put a proxy with TLS in front and set BASE_URL to its https address.",
        )
    if len(settings.SECRET_KEY) < SECRET_LENGTH:
        yield Line(
            Level.PROBLEM, "secrets", "SECRET_KEY is short", f"Set it to {SECRET_LENGTH} random characters or more."
        )
    else:
        yield Line(Level.OK, "secrets", "SECRET_KEY is long enough")
    if not settings.METRICS_TOKEN:
        yield Line(
            Level.WARNING,
            "secrets",
            "METRICS_TOKEN is not set, so /metrics answers nobody",
            "Set it, and give it to your Prometheus.",
        )
    for name in ("TEST_TENANT", "DEMO", "OUTBOUND_ALLOW"):
        if getattr(settings, name):
            yield Line(Level.WARNING, "settings", f"{name} is on", "Unset it outside of laptops and tests.")
    with tenancy.bound(tenancy.SYSTEM):
        if not User.objects.filter(is_superuser=True, state=User.State.ACTIVE).exists():
            yield Line(Level.WARNING, "settings", "there is no administrator", "Run manage.py setup.")


def database_look() -> Iterator[Line]:
    """The server, its version, migrations, and what the app role may not do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_version')")
        number, version = cursor.fetchone()
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        is_super, bypasses = cursor.fetchone()
        cursor.execute("SELECT has_table_privilege('marketplace_auditentry', 'UPDATE, DELETE')")
        may_change_audit = cursor.fetchone()[0]
    if number < OLDEST_SERVER:
        yield Line(Level.PROBLEM, "database", f"PostgreSQL {version} is too old", "Move to PostgreSQL 15 or newer.")
    else:
        yield Line(Level.OK, "database", f"PostgreSQL {version} answers")
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        yield Line(
            Level.PROBLEM, "database", f"{len(missing)} migrations are missing", "Run manage.py database_migrate."
        )
    else:
        yield Line(Level.OK, "database", "every migration is applied")
    if is_super or bypasses:
        yield Line(
            Level.PROBLEM,
            "roles",
            "DATABASE_URL's role passes row-level security by",
            "Use a role without SUPERUSER and BYPASSRLS; DATABASE_OWNER_URL names the other one.",
        )
    elif may_change_audit:
        yield Line(
            Level.WARNING,
            "roles",
            "DATABASE_URL's role may change the audit trail, only the trigger refuses it",
            "Set DATABASE_OWNER_URL to a role of its own and run manage.py database_migrate.",
        )
    else:
        yield Line(Level.OK, "roles", "the app role owns nothing and may not change the audit trail")


def tenancy_look() -> Iterator[Line]:
    """Row-level security stands on every table that has a policy, and hides private rows from nobody's eyes."""
    words = (
        "SELECT c.relname FROM pg_class c WHERE EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)"
        " AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
    )
    with connection.cursor() as cursor:
        cursor.execute(words)
        open_tables = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT count(DISTINCT polrelid) FROM pg_policy")
        guarded = cursor.fetchone()[0]
        with tenancy.bound(tenancy.PUBLIC):
            cursor.execute("SELECT count(*) FROM registry_package WHERE is_private")
            leaked = cursor.fetchone()[0]
    if open_tables or leaked or not guarded:
        named = ", ".join(open_tables) or "registry_package"
        yield Line(
            Level.PROBLEM,
            "row security",
            f"private rows are open: {named}",
            "Run manage.py database_migrate as the owner.",
        )
    else:
        yield Line(Level.OK, "row security", f"{guarded} tables are guarded")


def queue_look() -> Iterator[Line]:
    """Cache and broker answer, promised work is done in time, nothing was given up."""
    cache.set("doctor", "x", 10)
    if cache.get("doctor") != "x":
        yield Line(
            Level.PROBLEM, "queue", "REDIS_URL forgets what it is told", "Check its memory limit and eviction policy."
        )
    else:
        yield Line(Level.OK, "queue", "cache and broker answer")
    with tenancy.bound(tenancy.SYSTEM):
        waiting = (
            OutboxEntry.objects.filter(given_up_at=None).order_by("due_at").values_list("due_at", flat=True).first()
        )
        given_up = OutboxEntry.objects.exclude(given_up_at=None).count()
    late = (timezone.now() - waiting).total_seconds() if waiting else 0
    if late > LATE_SECONDS:
        yield Line(
            Level.PROBLEM,
            "queue",
            f"promised work is {late:.0f} seconds late",
            "Start a worker and beat, or more workers.",
        )
    if given_up:
        yield Line(
            Level.WARNING,
            "queue",
            f"{given_up} jobs were given up",
            "Look at them in the admin under Outbox entries, and replay them.",
        )


def worker_look() -> Iterator[Line]:
    """Beat sends, a worker runs: their sign of life is fresh."""
    seconds = seconds_since_heartbeat()
    if seconds is None or seconds > BEAT_SECONDS:
        said = (
            "no worker has shown a sign of life"
            if seconds is None
            else f"the last sign of life is {seconds:.0f} seconds old"
        )
        yield Line(Level.PROBLEM, "worker", said, "Start deploy/entrypoint worker and deploy/entrypoint beat.")
    else:
        yield Line(Level.OK, "worker", "worker and beat are alive")


def mail_look() -> Iterator[Line]:
    """The mail server takes a connection; letters that go nowhere are said so."""
    backend = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
    if backend != "smtp":
        yield Line(
            Level.WARNING,
            "mail",
            f"letters go to the {backend} backend, not to people",
            "Set EMAIL_URL to smtp:// or smtps://.",
        )
        return
    mail = get_connection()
    mail.open()
    mail.close()
    yield Line(Level.OK, "mail", f"{settings.EMAIL_HOST} takes letters")


def clock_look() -> Iterator[Line]:
    """The database and this machine agree on the time: leases and expiries need it."""
    began = time.time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float")
        theirs = cursor.fetchone()[0]
    apart = abs(theirs - (began + time.time()) / 2)
    if apart > CLOCK_SECONDS:
        yield Line(
            Level.PROBLEM,
            "clock",
            f"this machine and the database are {apart:.1f} seconds apart",
            "Run a time daemon on both.",
        )
    else:
        yield Line(Level.OK, "clock", "this machine and the database agree")
