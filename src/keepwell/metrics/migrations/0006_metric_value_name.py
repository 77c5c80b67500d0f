"""Queries name the values of an account."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("metrics", "0005_feed")]

    operations = [
        migrations.AlterField(
            "metricvalue",
            "account",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                related_query_name="metric_value",
                to="ledger.account",
            ),
        ),
    ]
