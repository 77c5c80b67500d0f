"""What people did by hand and may take back, in any browser."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("web", "0001_saved_views"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            "TakenAway",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("what", models.CharField(max_length=63)),
                ("said", models.JSONField()),
                ("told", models.CharField(max_length=500)),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["user", "-at"], name="taken_away_newest")]},
        ),
    ]
