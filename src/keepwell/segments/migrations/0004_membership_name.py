"""Queries name the memberships and the phases of an account."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("segments", "0003_judging")]

    operations = [
        migrations.AlterField(
            "membership",
            "account",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                related_query_name="membership",
                to="ledger.account",
            ),
        ),
        migrations.AlterField(
            "phaseoverride",
            "account",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                related_query_name="phase_override",
                to="ledger.account",
            ),
        ),
    ]
