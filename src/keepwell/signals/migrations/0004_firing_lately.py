"""How often rules fired lately is counted along an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("signals", "0003_rehearsals")]

    operations = [
        migrations.AddIndex(
            "firing",
            models.Index(fields=["rule", "at"], name="firing_lately", condition=models.Q(stood=False)),
        ),
    ]
