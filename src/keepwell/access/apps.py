"""The Django app of this stage."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Users, roles, scopes, tokens, audit trail."""

    name = "keepwell.access"
    label = "access"
