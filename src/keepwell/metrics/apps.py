"""The Django app of this stage."""

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    """See the package's own docstring."""

    name = "keepwell.metrics"
    label = "metrics"
