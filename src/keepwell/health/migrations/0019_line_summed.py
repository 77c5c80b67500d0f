"""What a filter leaves of all lines is counted and summed from an index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("health", "0018_path_worth")]

    operations = [
        migrations.AddIndex(
            "line",
            models.Index(
                fields=["account"],
                include=[
                    "former", "band", "arr", "currency", "is_unrated", "owner", "industry", "country", "tier",
                ],
                name="line_summed",
            ),
        ),
    ]  # fmt: skip
