"""Migrate as the owner role, then let the app role read and write."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, connections
from psycopg import sql

from marketplace.core import tenancy

GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "REVOKE UPDATE, DELETE ON marketplace_auditentry, marketplace_auditseal FROM {role}",
    "REVOKE UPDATE, DELETE ON installs_download, installs_usagefact FROM {role}",
)


class Command(BaseCommand):
    """`manage.py database_migrate`: with DATABASE_OWNER_URL as that role, else as DATABASE_URL's."""

    help = __doc__

    def handle(self, *_args: Any, **options: Any) -> None:
        """Migrate, then grant; both may be repeated."""
        app_role = connection.settings_dict["USER"]
        owner = settings.DATABASE_OWNER
        connections.close_all()
        connection.settings_dict.update({key: owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")})
        connection.settings_dict["OPTIONS"].pop("pool", None)
        with tenancy.bound(tenancy.SYSTEM):
            call_command("migrate", interactive=False, verbosity=options["verbosity"])
            if app_role != owner["USER"]:
                self.grant(app_role)

    def grant(self, role: str) -> None:
        """Give the app role what it needs, and no way to change what was written down."""
        with connection.cursor() as cursor:
            for grant in GRANTS:
                cursor.execute(sql.SQL(grant).format(role=sql.Identifier(role)).as_string())
