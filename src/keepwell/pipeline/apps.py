"""The Django app of this stage."""

from django.apps import AppConfig


class PipelineConfig(AppConfig):
    """See the package's own docstring."""

    name = "keepwell.pipeline"
    label = "pipeline"
