"""Retractions name events by the 16 bytes that the lake keeps of an id, and may name a whole import."""

from hashlib import blake2b
from uuid import UUID

from django.db import migrations, models


def digest_ids(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT event_id FROM ledger_retraction")
        keys = [
            (UUID(bytes=blake2b(text.encode(), digest_size=16).digest()), text)
            for (text,) in cursor.fetchall()
        ]
        cursor.executemany("UPDATE ledger_retraction SET key = %s WHERE event_id = %s", keys)
        cursor.execute("UPDATE ledger_retraction SET kind = 'fact' WHERE event_id LIKE '~%'")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_arrivals")]

    operations = [
        migrations.AddField("OutboxEvent", "origin", models.BigIntegerField(null=True)),
        migrations.CreateModel(
            "OriginRetraction",
            [
                ("origin", models.BigIntegerField(primary_key=True, serialize=False)),
                ("known_at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE ledger_retraction ADD COLUMN key uuid, ADD COLUMN kind text, ADD COLUMN account text",
            "ALTER TABLE ledger_retraction DROP COLUMN key, DROP COLUMN kind, DROP COLUMN account",
        ),
        migrations.RunPython(digest_ids, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE ledger_retraction DROP COLUMN event_id",
                    [
                        "ALTER TABLE ledger_retraction ADD COLUMN event_id text",
                        "UPDATE ledger_retraction SET event_id = key::text",
                        "ALTER TABLE ledger_retraction ADD PRIMARY KEY (event_id)",
                    ],
                ),
                migrations.RunSQL(
                    "ALTER TABLE ledger_retraction ADD PRIMARY KEY (key)",
                    "ALTER TABLE ledger_retraction DROP CONSTRAINT ledger_retraction_pkey",
                ),
            ],
            state_operations=[
                migrations.DeleteModel("Retraction"),
                migrations.CreateModel(
                    "Retraction",
                    [
                        ("key", models.UUIDField(primary_key=True, serialize=False)),
                        ("known_at", models.DateTimeField()),
                        ("kind", models.TextField(null=True)),
                        ("account", models.TextField(null=True)),
                    ],
                ),
            ],
        ),
    ]
