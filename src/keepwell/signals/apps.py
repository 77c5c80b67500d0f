"""The Django app of this stage."""

from django.apps import AppConfig


class SignalsConfig(AppConfig):
    """See the package's own docstring."""

    name = "keepwell.signals"
    label = "signals"
