"""The index, and the watching of the tables that it is told from."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

# The database itself notes which rows were written, whoever writes them: one statement a statement, none without a change
# of the watched columns. search_watch('table', 'column that is noted', '{columns,that,matter}') has a table watched.
WATCHING = """
CREATE FUNCTION search_note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    noted text := TG_ARGV[0];
    changed text := TG_ARGV[1];
BEGIN
    IF TG_OP = 'DELETE' THEN
        EXECUTE format('INSERT INTO search_due ("table", number) SELECT %L, %I FROM old_rows', TG_TABLE_NAME, noted);
    ELSIF TG_OP = 'INSERT' THEN
        EXECUTE format('INSERT INTO search_due ("table", number) SELECT %L, %I FROM new_rows', TG_TABLE_NAME, noted);
    ELSE
        EXECUTE format(
            'INSERT INTO search_due ("table", number) SELECT %L, n.%I FROM new_rows n JOIN old_rows o USING (id) WHERE %s',
            TG_TABLE_NAME, noted, changed
        );
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION search_watch(watched text, noted text, columns text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    changed text := (SELECT string_agg(format('n.%1$I IS DISTINCT FROM o.%1$I', c), ' OR ') FROM unnest(columns) AS c);
BEGIN
    EXECUTE format(
        'CREATE OR REPLACE TRIGGER search_inserted AFTER INSERT ON %I REFERENCING NEW TABLE AS new_rows
         FOR EACH STATEMENT EXECUTE FUNCTION search_note(%L)', watched, noted);
    EXECUTE format(
        'CREATE OR REPLACE TRIGGER search_deleted AFTER DELETE ON %I REFERENCING OLD TABLE AS old_rows
         FOR EACH STATEMENT EXECUTE FUNCTION search_note(%L)', watched, noted);
    EXECUTE format(
        'CREATE OR REPLACE TRIGGER search_updated AFTER UPDATE ON %I REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
         FOR EACH STATEMENT EXECUTE FUNCTION search_note(%L, %L)', watched, noted, changed);
    EXECUTE format('INSERT INTO search_due ("table", number) SELECT %L, %I FROM %I', watched, noted, watched);
END $$;

SELECT search_watch('ledger_account', 'id', '{key,name,industry,tags,arr_reporting,former,merged_into_id}');
SELECT search_watch('ledger_person', 'id', '{key,name,email}');
SELECT search_watch('ledger_stakeholder', 'id', '{account_id,person_id,title,influence,status}');
SELECT search_watch('plays_task', 'id', '{title,account_id,incident_id}');
SELECT search_watch('plays_taskcompletion', 'task_id', '{task_id}');
SELECT search_watch('plays_incident', 'id', '{title,account_id,open}');
"""
UNWATCHING = "DROP FUNCTION search_watch CASCADE; DROP FUNCTION search_note CASCADE;"


class Migration(migrations.Migration):
    initial = True

    dependencies = [("ledger", "0017_retracted_at"), ("plays", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Due",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.CharField(max_length=63)),
                ("number", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=31)),
                ("number", models.BigIntegerField()),
                ("key", models.CharField(max_length=200)),
                ("title", models.CharField(max_length=300)),
                ("also", models.TextField(blank=True)),
                ("hint", models.CharField(blank=True, max_length=300)),
                ("weight", models.IntegerField()),
                ("lead", models.CharField(max_length=2)),
                ("marks", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                (
                    "account",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="ledger.account"
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["marks"], name="entry_marks"),
                    models.Index(fields=["lead", "-weight"], name="entry_lead"),
                    models.Index(
                        django.db.models.functions.text.Left("lead", 1),
                        models.OrderBy(models.F("weight"), descending=True),
                        name="entry_first",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("kind", "number"), name="one_entry_each")],
            },
        ),
        migrations.RunSQL(WATCHING, UNWATCHING),
    ]
