"""A statement over many accounts is planned for many, though one over a single account came before it."""

from django.db import migrations

KEEP = """
    CREATE OR REPLACE FUNCTION plays_next_of_account() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'INSERT' THEN
            PERFORM plays_next_step(ARRAY(SELECT id FROM new_rows WHERE renewal_date IS NOT NULL));
        ELSE
            EXECUTE 'SELECT plays_next_step(ARRAY(SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
                WHERE (o.renewal_date, o.former) IS DISTINCT FROM (n.renewal_date, n.former)))';
        END IF;
        RETURN NULL;
    END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("plays", "0011_next_steps_at_once")]

    operations = [migrations.RunSQL(KEEP, migrations.RunSQL.noop)]
