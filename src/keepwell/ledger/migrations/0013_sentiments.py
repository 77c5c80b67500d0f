"""Check-ins: how those who look after an account feel about it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0012_custom_fields")]

    operations = [
        migrations.CreateModel(
            name="Sentiment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True)),
                ("source", models.CharField(blank=True, max_length=63)),
                ("revision", models.IntegerField(default=0)),
                ("event_ids", models.JSONField(default=dict)),
                ("fields", models.JSONField(default=dict)),
                ("score", models.IntegerField()),
                ("words", models.TextField(blank=True)),
                ("given_by", models.CharField(blank=True, max_length=254)),
                ("given_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="ledger.account"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
    ]
