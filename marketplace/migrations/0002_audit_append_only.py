"""Audit rows and their seals are written once."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION marketplace_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER marketplace_audit_append_only BEFORE UPDATE OR DELETE ON marketplace_auditentry
  FOR EACH ROW EXECUTE FUNCTION marketplace_refuse_change();
CREATE TRIGGER marketplace_seal_append_only BEFORE UPDATE OR DELETE ON marketplace_auditseal
  FOR EACH ROW EXECUTE FUNCTION marketplace_refuse_change();
"""
BACKWARD = """
DROP TRIGGER marketplace_audit_append_only ON marketplace_auditentry;
DROP TRIGGER marketplace_seal_append_only ON marketplace_auditseal;
DROP FUNCTION marketplace_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
