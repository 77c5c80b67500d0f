"""A renewal that was entered by hand knows whether a source told it too."""

import django.contrib.postgres.fields
from django.db import migrations, models

ENDS = models.Q(("kind__in", ["renewed", "not_renewed"]), ("taken_back_at", None))


class Migration(migrations.Migration):
    dependencies = [("ledger", "0025_amendments")]

    operations = [
        migrations.AddField("amendment", "told_again", models.BooleanField(default=False)),
        migrations.AddField(
            "amendment",
            "apart",
            django.contrib.postgres.fields.ArrayField(models.CharField(max_length=200), default=list),
        ),
        migrations.RemoveConstraint("amendment", "one_end_a_contract"),
        migrations.AddConstraint(
            "amendment",
            models.UniqueConstraint(
                condition=ENDS & ~models.Q(("successor", models.F("contract"))),
                fields=("contract",),
                name="one_end_a_contract",
            ),
        ),
    ]
