"""Events wait in the outbox packed, one row a request or chunk; those that wait now are packed as they are."""

from datetime import timezone

import django.contrib.postgres.fields
import msgspec
from django.db import migrations, models

ROWS = 5000
WAITING = (
    "SELECT received_at, event_id, account, person, name, feature, at, known_at, value, source, props "
    "FROM ledger_outboxevent WHERE id = ANY(%s) ORDER BY received_at, id"
)


def pack(apps, schema_editor):
    """First what a batch of the relay has taken, so that it is taken up again as it was; then the others."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT number, parcel_ids FROM ledger_relaybatch WHERE lake_version IS NULL")
        for number, ids in cursor.fetchall():
            cursor.execute(
                "UPDATE ledger_relaybatch SET parcel_ids = %s WHERE number = %s", [_pack(cursor, ids), number]
            )
        cursor.execute("SELECT id FROM ledger_outboxevent ORDER BY id")
        ids = [pk for (pk,) in cursor.fetchall()]
        for start in range(0, len(ids), ROWS):
            _pack(cursor, ids[start : start + ROWS])


def _pack(cursor, ids):
    """One parcel for each moment of arrival among some rows; the rows go. Gives the parcels' ids."""
    cursor.execute(WAITING, [ids])
    by_arrival = {}
    for received_at, *row in cursor.fetchall():
        by_arrival.setdefault(received_at.astimezone(timezone.utc), []).append(row)
    parcels = []
    for received_at, rows in by_arrival.items():
        columns = [list(column) for column in zip(*rows)]
        unknown = [[0] * len(rows), [None] * len(rows)]  # content, for whoever claims; origin
        payload = b"\x00" + msgspec.msgpack.encode([received_at, *columns, *unknown])
        cursor.execute(
            "INSERT INTO ledger_parcel (events, claimed, received_at, payload) "
            "VALUES (%s, true, %s, %s) RETURNING id",
            [len(rows), received_at, payload],
        )
        parcels.append(cursor.fetchone()[0])
    cursor.execute("DELETE FROM ledger_outboxevent WHERE id = ANY(%s)", [ids])
    return parcels


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_dated_links")]

    operations = [
        migrations.CreateModel(
            "Parcel",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("events", models.IntegerField()),
                ("claimed", models.BooleanField()),
                ("received_at", models.DateTimeField()),
                ("payload", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            "Clash",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.TextField()),
                ("event_id", models.TextField()),
                ("said", models.JSONField()),
                ("more", models.IntegerField(default=0)),
                ("received_at", models.DateTimeField()),
            ],
        ),
        # Payloads are compressed already.
        migrations.RunSQL(
            "ALTER TABLE ledger_parcel ALTER payload SET STORAGE EXTERNAL", migrations.RunSQL.noop
        ),
        migrations.RenameField("RelayBatch", "outbox_ids", "parcel_ids"),
        migrations.AddField(
            "RelayBatch",
            "dropped",
            django.contrib.postgres.fields.ArrayField(models.IntegerField(), default=list, size=None),
        ),
        migrations.RunPython(pack),
        migrations.DeleteModel("OutboxEvent"),
    ]
