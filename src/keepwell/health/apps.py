"""The Django app of this stage."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    """See the package's own docstring."""

    name = "keepwell.health"
    label = "health"
