"""A version knows when it was confirmed, so that it can be taken back; an outcome, which review scored it as reached."""

from django.db import migrations, models

# Of a refresh only the newest day was kept, with its plan: no version was confirmed after that.
CONFIRMED = """
    UPDATE outcomes_planversion v SET confirmed_at = coalesce(
        (SELECT CASE WHEN a."on" = (v.at AT TIME ZONE 'UTC')::date THEN v.at ELSE a."on"::timestamp AT TIME ZONE 'UTC' END
         FROM outcomes_planagreement a WHERE a.version_id = v.id),
        (SELECT least(v.at, p.confirmed_at) FROM outcomes_successplan p WHERE p.id = v.plan_id), v.at)
"""


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0014_gap_wording")]

    operations = [
        migrations.AddField("planversion", "confirmed_at", models.DateTimeField(null=True)),
        migrations.RunSQL(CONFIRMED, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField("planversion", "confirmed_at", models.DateTimeField()),
        migrations.AddField(
            "objectivereach",
            "review",
            models.ForeignKey("outcomes.Review", models.CASCADE, null=True, related_name="+"),
        ),
    ]
