"""A mail may carry a calendar entry."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("plays", "0016_hand_overs")]

    operations = [
        migrations.AddField("message", "calendar", models.TextField(blank=True, default="")),
    ]
