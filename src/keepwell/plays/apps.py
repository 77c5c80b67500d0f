"""The Django app of this stage."""

from django.apps import AppConfig


class PlaysConfig(AppConfig):
    """See the package's own docstring."""

    name = "keepwell.plays"
    label = "plays"
