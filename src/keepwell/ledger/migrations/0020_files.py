"""Files and links that belong to an account."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0019_notes")]

    operations = [
        migrations.CreateModel(
            name="File",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True)),
                ("source", models.CharField(blank=True, max_length=63)),
                ("revision", models.IntegerField(default=0)),
                ("event_ids", models.JSONField(default=dict)),
                ("fields", models.JSONField(default=dict)),
                ("name", models.CharField(max_length=255)),
                ("link", models.CharField(blank=True, max_length=2000)),
                ("media_type", models.CharField(blank=True, max_length=100)),
                ("size", models.BigIntegerField(null=True)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("place", models.CharField(blank=True, max_length=32)),
                ("visibility", models.CharField(default="internal", max_length=30)),
                ("added_by", models.CharField(blank=True, max_length=254)),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="ledger.account"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="ledger.person",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["removed_at"], name="file_removed")]},
        ),
    ]
