"""What was agreed anew about contracts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ENDS = models.Q(("kind__in", ["renewed", "not_renewed"]), ("taken_back_at", None))
BY = {
    "null": True,
    "on_delete": django.db.models.deletion.SET_NULL,
    "related_name": "+",
    "to": settings.AUTH_USER_MODEL,
}


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0024_open_tickets_and_limits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            "Amendment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("contract", models.CharField(db_index=True, max_length=200)),
                ("kind", models.CharField(max_length=20)),
                ("on", models.DateField()),
                ("before", models.DecimalField(decimal_places=2, max_digits=16, null=True)),
                ("after", models.DecimalField(decimal_places=2, max_digits=16, null=True)),
                ("currency", models.CharField(max_length=3)),
                ("reason", models.CharField(max_length=40)),
                ("preventable", models.BooleanField(null=True)),
                ("note", models.TextField(blank=True)),
                ("successor", models.CharField(blank=True, db_index=True, max_length=200)),
                ("was", models.JSONField(default=dict)),
                ("made", models.JSONField(default=dict)),
                ("terms_since", models.DateField(null=True)),
                ("event_id", models.CharField(max_length=200)),
                ("signed_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(null=True)),
                ("by", models.ForeignKey(**BY)),
                ("taken_back_by", models.ForeignKey(**BY)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(condition=ENDS, fields=("contract",), name="one_end_a_contract")
                ]
            },
        )
    ]
