"""The app that carries the pages' templates and static files."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Found by its label `web`."""

    name = "keepwell.faces.web"
    label = "web"
    verbose_name = "Web pages"
