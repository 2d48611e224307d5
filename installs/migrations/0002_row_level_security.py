"""A library and what is in it show only to whom it belongs, and to whoever came with its key."""

from django.db import migrations

OWNED = """
  current_setting('market.system', true) = 'on'
  OR (user_id IS NULL AND organization_id IS NULL)
  OR user_id = nullif(current_setting('market.user', true), '')::bigint
  OR organization_id = ANY (string_to_array(nullif(current_setting('market.organizations', true), ''), ',')::bigint[])
"""
FORWARD = f"""
ALTER TABLE installs_library ENABLE ROW LEVEL SECURITY;
ALTER TABLE installs_library FORCE ROW LEVEL SECURITY;
CREATE POLICY installs_library_owner ON installs_library USING ({OWNED});
ALTER TABLE installs_install ENABLE ROW LEVEL SECURITY;
ALTER TABLE installs_install FORCE ROW LEVEL SECURITY;
CREATE POLICY installs_install_owner ON installs_install
  USING (EXISTS (SELECT 1 FROM installs_library l WHERE l.id = library_id));
ALTER TABLE installs_consent ENABLE ROW LEVEL SECURITY;
ALTER TABLE installs_consent FORCE ROW LEVEL SECURITY;
CREATE POLICY installs_consent_owner ON installs_consent
  USING (current_setting('market.system', true) = 'on'
         OR EXISTS (SELECT 1 FROM installs_install i WHERE i.id = install_id));
"""
BACKWARD = """
DROP POLICY installs_consent_owner ON installs_consent;
ALTER TABLE installs_consent NO FORCE ROW LEVEL SECURITY;
ALTER TABLE installs_consent DISABLE ROW LEVEL SECURITY;
DROP POLICY installs_install_owner ON installs_install;
ALTER TABLE installs_install NO FORCE ROW LEVEL SECURITY;
ALTER TABLE installs_install DISABLE ROW LEVEL SECURITY;
DROP POLICY installs_library_owner ON installs_library;
ALTER TABLE installs_library NO FORCE ROW LEVEL SECURITY;
ALTER TABLE installs_library DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("installs", "0001_initial"), ("registry", "0002_row_level_security")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
