"""A version of a scorecard can be proven on the company's own past."""

import django.db.models.deletion
from django.db import migrations, models

STATES = [("queued", "Waiting"), ("running", "Running"), ("done", "Done"), ("failed", "Stopped")]


class Migration(migrations.Migration):
    dependencies = [("health", "0003_drafts_and_overrides")]

    operations = [
        migrations.CreateModel(
            name="Proof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField()),
                ("departure", models.JSONField()),
                ("horizon_days", models.IntegerField()),
                ("step_days", models.IntegerField()),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                ("state", models.CharField(choices=STATES, default="queued", max_length=10)),
                ("steps_total", models.IntegerField(null=True)),
                ("steps_done", models.IntegerField(default=0)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("error", models.TextField(blank=True)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("lake_version", models.BigIntegerField(null=True)),
                ("vouched_percent", models.FloatField(null=True)),
                ("figures", models.JSONField(null=True)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="health.scorecardversion"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["version", "-asked_at"], name="proof_newest")]},
        ),
    ]
