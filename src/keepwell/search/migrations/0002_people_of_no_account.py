"""Whoever leaves an account, or is taken for somebody else in it, is noted as a person: perhaps they belong to none now."""

from django.db import migrations

WATCHING = """
CREATE FUNCTION search_note_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_due ("table", number)
    SELECT 'ledger_person', o.person_id FROM old_rows o
    WHERE NOT EXISTS (SELECT FROM ledger_stakeholder s WHERE s.person_id = o.person_id);
    RETURN NULL;
END $$;

CREATE TRIGGER search_unplaced AFTER DELETE ON ledger_stakeholder REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION search_note_person();
CREATE TRIGGER search_replaced AFTER UPDATE ON ledger_stakeholder REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION search_note_person();

INSERT INTO search_due ("table", number)
SELECT 'ledger_person', p.id FROM ledger_person p
WHERE NOT EXISTS (SELECT FROM ledger_stakeholder s WHERE s.person_id = p.id);
"""
UNWATCHING = "DROP FUNCTION search_note_person CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("search", "0001_index"), ("ledger", "0023_latest")]

    operations = [migrations.RunSQL(WATCHING, UNWATCHING)]
