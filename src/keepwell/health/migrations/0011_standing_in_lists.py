"""A standing holds what lists of many accounts sort by and show."""

import django.db.models.deletion
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

# Twelve Sundays before the score's day and the day itself; extract(isodow) is 7 on a Sunday.
FILL = """
    UPDATE health_standing p SET
        rank = coalesce(p.points, CASE p.band WHEN 'green' THEN 100 WHEN 'yellow' THEN 50 WHEN 'red' THEN 0 END),
        change = s.points - (SELECT w.points FROM health_score w
            WHERE w.account_id = s.account_id AND w.as_of = s.as_of - 7),
        known_weight = s.known_weight,
        weeks = ARRAY(SELECT w.points
            FROM (SELECT s.as_of - extract(isodow FROM s.as_of)::int - 7 * back AS day FROM generate_series(11, 0, -1) AS back
                UNION ALL SELECT s.as_of) d
            LEFT JOIN health_score w ON w.account_id = s.account_id AND w.as_of = d.day ORDER BY d.day)
    FROM health_score s WHERE s.id = p.score_id
"""


class Migration(migrations.Migration):
    dependencies = [("health", "0010_standing_since")]

    operations = [
        migrations.AlterField(
            "standing",
            "account",
            models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="+",
                related_query_name="standing",
                serialize=False,
                to="ledger.account",
            ),
        ),
        migrations.AddField("standing", "rank", models.FloatField(null=True)),
        migrations.AddField("standing", "change", models.FloatField(null=True)),
        migrations.AddField("standing", "known_weight", models.FloatField(default=0)),
        migrations.AddField(
            "standing", "weeks", ArrayField(models.FloatField(null=True), default=list, size=None)
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
