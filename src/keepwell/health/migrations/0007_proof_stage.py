"""A proof tells of what so many steps are done."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("health", "0006_proof_of_what")]

    operations = [
        migrations.AddField(
            "Proof",
            "stage",
            models.CharField(
                choices=[
                    ("days", "Replaying the past"),
                    ("days_again", "Looking at it as known now"),
                    ("measures", "Weighing each measure"),
                ],
                default="days",
                max_length=20,
            ),
        ),
    ]
