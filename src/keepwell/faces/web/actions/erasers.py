"""The pages' answer to the hooks: mentions of a customer's person in what pages keep."""

from collections.abc import Sequence

from keepwell.access.actions.scrubbing import Tables
from keepwell.hooks import specs
from keepwell.hooks.erasers import Eraser


@specs.impl
def erasers() -> Sequence[Eraser]:
    """Its tables."""
    return (Tables("web", holds="Names of saved views, and what their filters and searches ask for."),)
