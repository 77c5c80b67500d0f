"""The Django app of this stage."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """See the package's own docstring."""

    name = "keepwell.ledger"
    label = "ledger"
