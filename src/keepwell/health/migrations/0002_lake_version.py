"""A score says which version of the lake it was computed from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("health", "0001_initial")]

    operations = [migrations.AddField("Score", "lake_version", models.BigIntegerField(null=True))]
