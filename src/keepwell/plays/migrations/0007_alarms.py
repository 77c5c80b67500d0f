"""Whom a signal is told, and what people made of it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STATES = [("waiting", "Waits"), ("delivered", "Told"), ("withdrawn", "Not told")]
KINDS = [
    ("acknowledged", "Acknowledged"),
    ("acted", "Acted on"),
    ("snoozed", "Put off"),
    ("not_useful", "Not useful"),
]


def to(model, on_delete=django.db.models.deletion.CASCADE, **said):
    return models.ForeignKey(on_delete=on_delete, related_name="+", to=model, **said)


class Migration(migrations.Migration):
    dependencies = [
        ("plays", "0006_digest_with_preferences"),
        ("signals", "0003_rehearsals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=30)),
                ("state", models.CharField(choices=STATES, default="waiting", max_length=10)),
                ("because", models.CharField(blank=True, max_length=20)),
                ("through", models.CharField(blank=True, max_length=20)),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("firing", to("signals.firing", related_query_name="delivery")),
                ("user", to(settings.AUTH_USER_MODEL, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("firing", "user"), name="one_delivery_a_person", nulls_distinct=False
                    )
                ],
                "indexes": [
                    models.Index(condition=models.Q(("state", "waiting")), fields=["due_at"], name="delivery_waiting"),
                    models.Index(fields=["user", "-ended_at"], name="delivery_of_person"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=KINDS, max_length=20)),
                ("at", models.DateTimeField()),
                ("note", models.TextField(blank=True)),
                ("until", models.DateTimeField(null=True)),
                ("taken_back_at", models.DateTimeField(null=True)),
                ("by", to(settings.AUTH_USER_MODEL, django.db.models.deletion.SET_NULL, null=True)),
                ("firing", to("signals.firing", related_query_name="response")),
                ("incident", to("plays.incident", django.db.models.deletion.SET_NULL, null=True)),
                ("task", to("plays.task", django.db.models.deletion.SET_NULL, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("taken_back_at", None), models.Q(("kind", "acted"), _negated=True)),
                        fields=("firing", "kind", "by"),
                        name="one_response_of_a_kind",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]
