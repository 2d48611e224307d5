"""Imports show only to whoever made them, tags only with their version; two versions never have one precedence."""

from django.db import migrations, models

SYSTEM = "current_setting('market.system', true) = 'on'"
USER = "nullif(current_setting('market.user', true), '')::bigint"
CONDITIONS = {
    "registry_import": f"{SYSTEM} OR user_id = {USER}",
    "registry_importentry": f"{SYSTEM} OR EXISTS (SELECT 1 FROM registry_import i WHERE i.id = job_id)",
    "registry_disttag": f"{SYSTEM} OR EXISTS (SELECT 1 FROM registry_version v WHERE v.id = version_id)",
}


def forward(table: str, condition: str) -> str:
    """Switch the table's security on, also for its owner."""
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f" CREATE POLICY {table}_tenant ON {table} USING ({condition});"
    )


def backward(table: str) -> str:
    """Switch it off."""
    return (
        f"DROP POLICY {table}_tenant ON {table}; ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
        f" ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_discovery")]

    operations = [
        migrations.AlterField("versionartifact", "name", models.CharField(max_length=220)),
        migrations.AddConstraint(
            "version",
            models.UniqueConstraint(fields=["package", "sort_key"], name="registry_version_precedence_once"),
        ),
        *(migrations.RunSQL(forward(table, condition), backward(table)) for table, condition in CONDITIONS.items()),
    ]
