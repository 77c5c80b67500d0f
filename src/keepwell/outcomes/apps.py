"""The Django app of this stage."""

from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    """See the package's own docstring."""

    name = "keepwell.outcomes"
    label = "outcomes"
