"""What the alarms of each rule were worth, counted every night."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plays", "0013_autopsies")]

    operations = [
        migrations.CreateModel(
            name="AlertBudget",
            fields=[
                (
                    "rule",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="signals.rule",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("figures", models.JSONField()),
            ],
        ),
    ]
