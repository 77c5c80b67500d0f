"""The accounts of a figure are walked by what they are worth, however many there are."""

from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    dependencies = [("health", "0017_score_by_day")]

    operations = [
        migrations.AddIndex(
            "path",
            models.Index(
                Coalesce(F("arrs__26"), 0.0, output_field=models.FloatField()).desc(),
                "account_id",
                name="path_worth",
            ),
        ),
        migrations.RunSQL(
            "CREATE STATISTICS health_path_last ON (\"right\"(bands, 1)) FROM health_path",
            "DROP STATISTICS health_path_last",
        ),
    ]
