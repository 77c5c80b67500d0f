"""In the line of an account: what is due next, which later stages keep, and when facts about it last came in."""

from django.db import migrations, models

HEARD = """
    UPDATE health_line l SET heard_at = u.at FROM (
        SELECT a.id, greatest(a.last_touch_at, max(u.last_at)) AS at
        FROM ledger_account a LEFT JOIN intake_accountuse u ON u.account_id = a.id GROUP BY a.id
    ) u WHERE u.id = l.account_id
"""
ORDERS = ("next_at", "heard_at")


class Migration(migrations.Migration):
    dependencies = [("health", "0012_line"), ("intake", "0004_quality")]

    operations = [
        migrations.AddField("line", "next_at", models.DateTimeField(null=True)),
        migrations.AddField("line", "next_kind", models.CharField(max_length=10, db_default="")),
        migrations.AddField("line", "next_what", models.CharField(max_length=500, db_default="")),
        migrations.AddField("line", "heard_at", models.DateTimeField(null=True)),
        *(
            migrations.AddIndex(
                "line", models.Index(fields=["former", column, "account"], name=f"line_{column}")
            )
            for column in ORDERS
        ),
        migrations.RunSQL(HEARD, migrations.RunSQL.noop),
    ]
