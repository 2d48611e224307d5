"""The app role may have partitions made, though it owns no table."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION installs_partition_make(day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  partition text := 'installs_download_' || to_char(day, 'YYYYMMDD');
BEGIN
  IF to_regclass('public.' || partition) IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format(
    'CREATE TABLE public.%I PARTITION OF public.installs_download FOR VALUES FROM (%L) TO (%L)', partition, day, day + 1
  );
  RETURN true;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("installs", "0002_row_level_security")]

    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION installs_partition_make(date);")]
