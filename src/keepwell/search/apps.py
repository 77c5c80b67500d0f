"""The app that carries the index's tables."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Found by its label `search`."""

    name = "keepwell.search"
    label = "search"
