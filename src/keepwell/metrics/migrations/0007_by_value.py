"""The values of a measure on a day stand in their order, so that the first of a hundred thousand are found without sorting."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("metrics", "0006_metric_value_name")]

    operations = [
        migrations.AddIndex(
            "metricvalue",
            models.Index(fields=["metric", "as_of", "value", "account"], name="metricvalue_by_value"),
        ),
        migrations.RemoveIndex("metricvalue", "metricvalue_by_metric"),
    ]
