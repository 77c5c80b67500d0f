"""A playbook that is started for many from a rule answers its signals."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("plays", "0019_calendar_entries"), ("signals", "0004_firing_lately")]

    operations = [
        migrations.AddField(
            "bulkdeed",
            "rule",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="signals.rule"
            ),
        ),
        migrations.AddField(
            "response",
            "run",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="plays.run"
            ),
        ),
    ]
