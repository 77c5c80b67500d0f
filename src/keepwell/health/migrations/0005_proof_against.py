"""A proof may be held against another version of a card."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("health", "0004_proof")]

    operations = [
        migrations.AddField(
            "Proof",
            "against",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="health.scorecardversion"
            ),
        )
    ]
