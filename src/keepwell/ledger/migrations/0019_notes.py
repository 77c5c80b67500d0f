"""Notes with their earlier wordings and mentions; the next step that was agreed at a touchpoint."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("ledger", "0018_looks"),
    ]

    operations = [
        migrations.AddField("touchpoint", "next_step", models.CharField(blank=True, default="", max_length=500)),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True)),
                ("source", models.CharField(blank=True, max_length=63)),
                ("revision", models.IntegerField(default=0)),
                ("event_ids", models.JSONField(default=dict)),
                ("fields", models.JSONField(default=dict)),
                ("text", models.TextField()),
                ("author", models.CharField(blank=True, max_length=254)),
                ("written_at", models.DateTimeField()),
                ("visibility", models.CharField(default="internal", max_length=30)),
                ("pinned", models.BooleanField(default=False)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="ledger.account"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="NoteWording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("note", models.CharField(db_index=True, max_length=200)),
                ("text", models.TextField()),
                ("visibility", models.CharField(max_length=30)),
                ("changed_by", models.CharField(blank=True, max_length=254)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="NoteMention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mentioned_by", models.CharField(blank=True, max_length=254)),
                ("mentioned_at", models.DateTimeField()),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="ledger.note"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("note", "user"), name="one_mention_a_note_and_colleague"
                    )
                ]
            },
        ),
    ]
