"""The relay finds the batch that it left unfinished without reading those that it ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0010_erasures")]

    operations = [
        migrations.AddIndex(
            "RelayBatch",
            models.Index(
                fields=["number"], name="relaybatch_unfinished", condition=models.Q(lake_version__isnull=True)
            ),
        )
    ]
