"""What the portfolio rests on: each account's path through the bands, and sums of paths by who owns them."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("health", "0008_card_preview")]

    operations = [
        migrations.CreateModel(
            "Path",
            fields=[
                ("account_id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "owners",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("bands", models.TextField()),
                (
                    "arrs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(null=True), size=None
                    ),
                ),
                ("points", models.FloatField(null=True)),
                ("change_1", models.FloatField(null=True)),
                ("change_4", models.FloatField(null=True)),
                ("change_13", models.FloatField(null=True)),
                ("renews", models.DateField(null=True)),
                ("cadence", models.CharField(max_length=10)),
                ("known", models.CharField(max_length=10)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["owners"], name="path_owners"),
                    models.Index(fields=["change_1"], name="path_change_1"),
                    models.Index(fields=["change_4"], name="path_change_4"),
                    models.Index(fields=["change_13"], name="path_change_13"),
                ]
            },
        ),
        migrations.CreateModel(
            "Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "owners",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("facet", models.CharField(max_length=10)),
                ("day", models.DateField()),
                ("a", models.CharField(max_length=10)),
                ("b", models.CharField(max_length=10)),
                ("accounts", models.IntegerField()),
                ("unpriced", models.IntegerField()),
                ("cents", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["owners", "facet", "day", "a", "b"], name="one_tally_a_figure"
                    )
                ],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["owners"], name="tally_owners"),
                    models.Index(fields=["facet", "day"], name="tally_facet"),
                ],
            },
        ),
        migrations.CreateModel(
            "PathExtent",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("as_of", models.DateField()),
                ("definition", models.JSONField()),
            ],
        ),
    ]
