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
        migrations.RunSQL("ALTER TABLE ledger_retraction ADD COLUMN key uuid"),
        migrations.RunPython(digest_ids),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL("ALTER TABLE ledger_retraction DROP COLUMN event_id"),
                migrations.RunSQL("ALTER TABLE ledger_retraction ADD PRIMARY KEY (key)"),
            ],
            state_operations=[
                migrations.DeleteModel("Retraction"),
                migrations.CreateModel(
                    "Retraction",
                    [
                        ("key", models.UUIDField(primary_key=True, serialize=False)),
                        ("known_at", models.DateTimeField()),
                    ],
                ),
            ],
        ),
    ]
