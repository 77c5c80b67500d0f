"""The app that carries the components' templates, styles and tags."""

from django.apps import AppConfig


class ComponentsConfig(AppConfig):
    """Found by its label `components`."""

    name = "keepwell.faces.components"
    label = "components"
    verbose_name = "Components"
