"""The Django app of this stage."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Sources, batches and the dead letter."""

    name = "keepwell.intake"
    label = "intake"
