"""The phases that accounts were in are kept, so that the journey of a book is counted and not told anew."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0011_searched"), ("ledger", "0023_latest")]

    operations = [
        migrations.CreateModel(
            "Walk",
            [
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="ledger.account",
                    ),
                ),
                ("since", models.DateField(null=True)),
                ("renewal_date", models.DateField(null=True)),
                ("left_at", models.DateTimeField(null=True)),
                ("phase", models.CharField(max_length=63)),
                ("former", models.BooleanField()),
                ("is_merged", models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            "Stay",
            [
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="ledger.account"
                    ),
                ),
                ("phase", models.CharField(max_length=63)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("is_dated", models.BooleanField()),
                ("after", models.CharField(max_length=63)),
                ("came", models.BooleanField(null=True)),
            ],
        ),
        migrations.CreateModel(
            "StayExtent",
            [
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("as_of", models.DateField()),
                ("definition", models.JSONField()),
            ],
        ),
    ]
