"""This stage's answer to the hooks: mentions of a customer's person in what was given to a colleague or put off."""

from collections.abc import Sequence

from keepwell.access.actions.scrubbing import Tables
from keepwell.hooks import specs
from keepwell.hooks.erasers import Eraser


@specs.impl
def erasers() -> Sequence[Eraser]:
    """Its tables."""
    return (Tables("cockpit", holds="Titles and reasons of what was put off or given to a colleague."),)
