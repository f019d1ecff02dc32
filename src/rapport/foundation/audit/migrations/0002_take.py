from django.db import migrations

# Two statements on purpose: the second takes a new snapshot and sees what the lane's last holder committed.
# That holds in READ COMMITTED alone, so that anything else is refused.
TAKE = """
CREATE OR REPLACE FUNCTION trail_take(INOUT lane bigint, OUT last bigint, OUT mac bytea)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'The trail is written in READ COMMITTED alone, not in %.', current_setting('transaction_isolation');
  END IF;
  IF lane IS NOT NULL THEN
    PERFORM pg_advisory_xact_lock(7001, lane::int);
  ELSE
    SELECT l INTO lane FROM generate_series(0, 63) l WHERE pg_try_advisory_xact_lock(7001, l) LIMIT 1;
    IF lane IS NULL THEN
      lane := pg_backend_pid() % 64; PERFORM pg_advisory_xact_lock(7001, lane::int);
    END IF;
  END IF;
  SELECT t.id, t.mac INTO last, mac FROM trail t
   WHERE t.id >= lane << 40 AND t.id < (lane + 1) << 40 ORDER BY t.id DESC LIMIT 1;
END $$
"""


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(TAKE, params=None)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS trail_take(bigint)", params=None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
