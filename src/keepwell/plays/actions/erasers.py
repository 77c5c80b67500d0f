"""This stage's answer to the hooks: mentions of a customer's person in the texts of its tables."""

from collections.abc import Sequence

from keepwell.access.actions.scrubbing import Tables
from keepwell.hooks import specs
from keepwell.hooks.erasers import Eraser


@specs.impl
def erasers() -> Sequence[Eraser]:
    """Its tables."""
    return (
        Tables(
            "plays",
            holds="Titles, evidence, causes and plans of incidents; notes of tasks and of triage; what people were told; "
            "articles and searches of the library.",
        ),
    )
