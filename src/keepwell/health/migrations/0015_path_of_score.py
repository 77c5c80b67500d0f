"""Paths say by which card an account is judged, and how blind its score is; they are looked through again at the next run."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("health", "0014_line_groups")]

    operations = [
        migrations.AddField("path", "card", models.CharField(db_default="", max_length=10)),
        migrations.AddField("path", "scored", models.CharField(db_default="", max_length=1)),
        migrations.AddField("path", "blind", models.FloatField(null=True)),
        migrations.AddField("path", "stake", models.FloatField(null=True)),
        migrations.AddIndex(
            "path",
            models.Index(
                models.F("stake").desc(nulls_last=True),
                models.F("blind").desc(),
                "account_id",
                name="path_stake",
                condition=models.Q(blind__gt=0),
            ),
        ),
    ]
