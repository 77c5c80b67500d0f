"""The scores of a day can be read without their parts, in the order of their points."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("health", "0016_total")]

    operations = [
        migrations.AddIndex(
            "score",
            models.Index(fields=["as_of", "points", "account"], include=["band"], name="score_by_day"),
        ),
    ]
