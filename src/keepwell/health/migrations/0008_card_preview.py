"""What a draft would change of a book that is too large to be judged in a request."""

import django.db.models.deletion
from django.db import migrations, models

STATES = [("queued", "Waiting"), ("running", "Running"), ("done", "Done"), ("failed", "Stopped")]


class Migration(migrations.Migration):
    dependencies = [("health", "0007_proof_stage")]

    operations = [
        migrations.CreateModel(
            "CardPreview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("definition", models.JSONField()),
                ("as_of", models.DateField()),
                ("asked_at", models.DateTimeField()),
                ("state", models.CharField(choices=STATES, default="queued", max_length=10)),
                ("steps_total", models.IntegerField(null=True)),
                ("steps_done", models.IntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                ("error", models.TextField(blank=True)),
                ("found", models.JSONField(null=True)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="health.scorecardversion",
                    ),
                ),
            ],
        ),
    ]
