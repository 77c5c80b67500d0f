"""The Django app of this stage."""

from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    """See the package's own docstring."""

    name = "keepwell.segments"
    label = "segments"
