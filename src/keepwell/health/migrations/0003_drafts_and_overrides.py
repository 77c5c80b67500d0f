"""Drafts of scorecards, several cards in an order, and standings that somebody overrides."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F

BANDS = [("green", "Healthy"), ("yellow", "Watch"), ("red", "At risk"), ("unknown", "Unknown")]


def put_in_order(apps, schema_editor):
    """The one card that judged becomes an order of one, which judges all days."""
    setting = apps.get_model("access", "CompanySetting")
    for row in setting.objects.filter(key="scorecard"):
        order = [{"on": row.changed_at.date().isoformat(), "order": [row.value]}]
        setting.objects.create(key="scorecards", value=order, changed_at=row.changed_at)
        row.delete()


def take_out_of_order(apps, schema_editor):
    """The first card of the present order judges alone."""
    setting = apps.get_model("access", "CompanySetting")
    for row in setting.objects.filter(key="scorecards"):
        setting.objects.create(key="scorecard", value=row.value[-1]["order"][0], changed_at=row.changed_at)
        row.delete()


def created_is_changed(apps, schema_editor):
    """What was never edited was changed when it was made."""
    apps.get_model("health", "ScorecardVersion").objects.update(changed_at=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("access", "0002_kept_answers"),
        ("ledger", "0001_initial"),
        ("health", "0002_lake_version"),
    ]

    operations = [
        migrations.AddField("ScorecardVersion", "changed_at", models.DateTimeField(null=True)),
        migrations.RunPython(created_is_changed, migrations.RunPython.noop),
        migrations.AlterField("ScorecardVersion", "changed_at", models.DateTimeField()),
        migrations.AddField("ScorecardVersion", "verdict", models.JSONField(null=True)),
        migrations.CreateModel(
            name="Override",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("band", models.CharField(choices=BANDS, max_length=10)),
                ("points", models.FloatField(null=True)),
                ("reason", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("expires_on", models.DateField()),
                ("score_points", models.FloatField(null=True)),
                ("score_band", models.CharField(choices=BANDS, max_length=10)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.TextField(blank=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+",
                        related_query_name="override", to="ledger.account",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("account",), name="one_override_at_a_time"
                    )
                ]
            },
        ),
        migrations.AddField(
            "Standing",
            "override",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="health.override"
            ),
        ),
        migrations.AddField(
            "BandChange",
            "override",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="health.override"
            ),
        ),
        migrations.RunPython(put_in_order, take_out_of_order),
    ]
