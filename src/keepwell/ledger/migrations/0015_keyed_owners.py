from django.db import migrations, models

# Those that begin on one day in one role are told apart by their number; so are keys that would be too long.
KEYS = """
UPDATE ledger_ownership SET ends = until, key = named.key
FROM (
    SELECT o.id, left(a.key, 150) || ':' || o.role || ':' || o.since || CASE
        WHEN length(a.key) > 150 OR row_number() OVER (
            PARTITION BY o.account_id, o.role, o.since ORDER BY o.until DESC NULLS FIRST, o.id DESC
        ) > 1 THEN ':' || o.id ELSE '' END AS key
    FROM ledger_ownership o JOIN ledger_account a ON a.id = o.account_id
) AS named
WHERE named.id = ledger_ownership.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0014_events_of_all_nouns'),
    ]

    operations = [
        migrations.AddField('ownership', 'key', models.CharField(max_length=200, null=True)),
        migrations.AddField('ownership', 'source', models.CharField(blank=True, default='', max_length=63), preserve_default=False),
        migrations.AddField('ownership', 'revision', models.IntegerField(default=0)),
        migrations.AddField('ownership', 'event_ids', models.JSONField(default=dict)),
        migrations.AddField('ownership', 'fields', models.JSONField(default=dict)),
        migrations.AddField('ownership', 'ends', models.DateField(null=True)),
        migrations.RunSQL(KEYS, migrations.RunSQL.noop),
        migrations.AlterField('ownership', 'key', models.CharField(max_length=200, unique=True)),
    ]
