"""The Django app of this stage."""

from django.apps import AppConfig


class CockpitConfig(AppConfig):
    """See the package's own docstring."""

    name = "keepwell.cockpit"
    label = "cockpit"
