"""Orders, licences and seats show only to whom they belong; what the processor told us, to the system only.

A trigger counts the seats that are given, so that `payments_seats_within_paid` holds whoever writes.
"""

from django.db import migrations

SYSTEM = "current_setting('market.system', true) = 'on'"
USER = "nullif(current_setting('market.user', true), '')::bigint"
ORGANIZATIONS = "string_to_array(nullif(current_setting('market.organizations', true), ''), ',')::bigint[]"
OWNED = f"{SYSTEM} OR user_id = {USER} OR organization_id = ANY ({ORGANIZATIONS})"


def through(table: str, key: str) -> str:
    """The condition for rows that show when the row they hang on shows."""
    return f"{SYSTEM} OR EXISTS (SELECT 1 FROM {table} t WHERE t.id = {key})"


CONDITIONS = {
    "payments_billingaccount": OWNED,
    "payments_order": OWNED,
    "payments_licence": OWNED,
    "payments_payment": through("payments_order", "order_id"),
    "payments_dispute": through("payments_payment", "payment_id"),
    "payments_seat": through("payments_licence", "licence_id"),
    "payments_webhookevent": SYSTEM,
    "payments_merchant": SYSTEM,
}

COUNT = """
CREATE OR REPLACE FUNCTION payments_seats_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  change integer := 0;
  licence bigint;
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.released_at IS NULL THEN change := change - 1; END IF;
  IF TG_OP <> 'DELETE' AND NEW.released_at IS NULL THEN change := change + 1; END IF;
  licence := CASE WHEN TG_OP = 'DELETE' THEN OLD.licence_id ELSE NEW.licence_id END;
  IF change <> 0 THEN
    UPDATE payments_licence SET seats_taken = seats_taken + change WHERE id = licence;
    IF NOT FOUND THEN RAISE EXCEPTION 'licence % cannot be seen', licence; END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER payments_seats_counted AFTER INSERT OR UPDATE OF released_at OR DELETE ON payments_seat
  FOR EACH ROW EXECUTE FUNCTION payments_seats_count();
"""
UNCOUNT = """
DROP TRIGGER payments_seats_counted ON payments_seat;
DROP FUNCTION payments_seats_count();
"""


def forward(table: str, condition: str) -> str:
    """Switch the table's security on, also for its owner."""
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f" DROP POLICY IF EXISTS {table}_owner ON {table}; CREATE POLICY {table}_owner ON {table} USING ({condition});"
    )


def backward(table: str) -> str:
    """Switch it off."""
    return (
        f"DROP POLICY {table}_owner ON {table}; ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
        f" ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
    )


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial"), ("registry", "0002_row_level_security")]

    operations = [
        *(migrations.RunSQL(forward(table, condition), backward(table)) for table, condition in CONDITIONS.items()),
        migrations.RunSQL(COUNT, UNCOUNT),
    ]
