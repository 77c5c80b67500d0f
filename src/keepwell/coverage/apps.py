"""The Django app of this stage."""

from django.apps import AppConfig


class CoverageConfig(AppConfig):
    """See the package's own docstring."""

    name = "keepwell.coverage"
    label = "coverage"
