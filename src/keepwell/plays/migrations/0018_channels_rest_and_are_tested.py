"""A channel can be paused, and keeps the verdict of its last test."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plays", "0014_alert_budget")]

    operations = [
        migrations.AddField("channel", "paused_at", models.DateTimeField(null=True)),
        migrations.AddField("channel", "tested_at", models.DateTimeField(null=True)),
        migrations.AddField("channel", "tested_well", models.BooleanField(null=True)),
        migrations.AddField("channel", "tested_said", models.CharField(blank=True, default="", max_length=300), preserve_default=False),
        migrations.AlterField(
            "message",
            "channel",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                related_query_name="message",
                to="plays.channel",
            ),
        ),
    ]
