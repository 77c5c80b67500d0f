"""Views of the accounts list under names."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SHARED = [("private", "Only me"), ("team", "My teams"), ("all", "Everybody")]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0002_kept_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            "SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("state", models.TextField(blank=True)),
                ("shared", models.CharField(choices=SHARED, default="private", max_length=10)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("teams", models.ManyToManyField(blank=True, related_name="+", to="access.team")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("owner", "name"), name="one_view_a_name"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            "DefaultView",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "view",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="web.savedview"
                    ),
                ),
            ],
        ),
    ]
