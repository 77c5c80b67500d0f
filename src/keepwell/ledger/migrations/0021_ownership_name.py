"""Queries name the owners of an account."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0020_files")]

    operations = [
        migrations.AlterField(
            "ownership",
            "account",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                related_query_name="ownership",
                to="ledger.account",
            ),
        ),
    ]
