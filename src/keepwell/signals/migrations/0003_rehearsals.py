"""Rehearsals of rules over the past."""

import django.db.models.deletion
from django.db import migrations, models

STATES = [("queued", "Waiting"), ("running", "Running"), ("done", "Done"), ("failed", "Stopped")]


class Migration(migrations.Migration):
    dependencies = [("signals", "0002_rules_as_versions")]

    operations = [
        migrations.CreateModel(
            name="Rehearsal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("definition", models.JSONField()),
                ("against_definition", models.JSONField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("departure", models.JSONField()),
                ("step_days", models.IntegerField()),
                ("horizon_days", models.IntegerField()),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                ("state", models.CharField(choices=STATES, default="queued", max_length=10)),
                ("steps_done", models.IntegerField(default=0)),
                ("steps_total", models.IntegerField(null=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("error", models.TextField(blank=True)),
                ("lake_version", models.BigIntegerField(null=True)),
                ("figures", models.JSONField(null=True)),
                ("other", models.JSONField(null=True)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="signals.ruleversion"
                    ),
                ),
                (
                    "against",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="signals.ruleversion",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["version", "-asked_at"], name="rehearsal_newest")],
            },
        ),
    ]
