"""What is due next follows accounts a statement at a time, once their lines stand."""

from django.db import migrations

KEEP = """
    DROP TRIGGER plays_next_told ON ledger_account;
    DROP TRIGGER plays_next_renewal ON ledger_account;
    DROP FUNCTION plays_next_of_account;
    CREATE FUNCTION plays_next_of_account() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'INSERT' THEN
            PERFORM plays_next_step(ARRAY(SELECT id FROM new_rows WHERE renewal_date IS NOT NULL));
        ELSE
            PERFORM plays_next_step(ARRAY(SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
                WHERE (o.renewal_date, o.former) IS DISTINCT FROM (n.renewal_date, n.former)));
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER plays_next_told AFTER INSERT ON ledger_account REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION plays_next_of_account();
    CREATE TRIGGER plays_next_renewal AFTER UPDATE ON ledger_account REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
        FOR EACH STATEMENT EXECUTE FUNCTION plays_next_of_account();
"""


class Migration(migrations.Migration):
    dependencies = [("plays", "0010_playbooks"), ("health", "0016_total")]

    operations = [migrations.RunSQL(KEEP, migrations.RunSQL.noop)]
