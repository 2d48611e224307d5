"""Private rows show only to their tenant, imports and follows to whoever made them, whatever a query forgets.

ARCHITECTURE, foundation 6.
"""

from django.db import migrations

SYSTEM = "current_setting('market.system', true) = 'on'"
USER = "nullif(current_setting('market.user', true), '')::bigint"
ORGANIZATIONS = "string_to_array(nullif(current_setting('market.organizations', true), ''), ',')::bigint[]"


def tenant(package: str) -> str:
    """The condition for tables that carry is_private, organization_id and owner_id themselves."""
    return (
        f"NOT is_private OR {SYSTEM} OR organization_id = ANY ({ORGANIZATIONS}) OR owner_id = {USER}"
        f" OR {package} IN (SELECT m.package_id FROM registry_packagemaintainer m WHERE m.user_id = {USER})"
    )


OF_VERSION = f"{SYSTEM} OR EXISTS (SELECT 1 FROM registry_version v WHERE v.id = version_id)"
CONDITIONS = {
    "registry_package": tenant("id"),
    "registry_version": tenant("package_id"),
    "registry_privatesearchdocument": tenant("package_id"),
    "registry_versionfile": OF_VERSION,
    "registry_versionartifact": OF_VERSION,
    "registry_versionfinding": OF_VERSION,
    "registry_scan": OF_VERSION,
    "registry_disttag": OF_VERSION,
    "registry_capabilitycontainment": f"{SYSTEM} OR EXISTS (SELECT 1 FROM registry_package p WHERE p.id = package_id)",
    "registry_import": f"{SYSTEM} OR user_id = {USER}",
    "registry_importentry": f"{SYSTEM} OR EXISTS (SELECT 1 FROM registry_import i WHERE i.id = job_id)",
    "registry_follow": f"{SYSTEM} OR user_id = {USER}",
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
    dependencies = [("registry", "0001_initial")]

    operations = [
        migrations.RunSQL(forward(table, condition), backward(table)) for table, condition in CONDITIONS.items()
    ]
