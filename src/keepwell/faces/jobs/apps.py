"""The Django app that procrastinate searches for tasks."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Background jobs."""

    name = "keepwell.faces.jobs"
    label = "jobs"
