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
            "outcomes",
            holds="Success plans with their versions, who agreed to them, what people call success, readings; business "
            "reviews with their guests, decisions and scores; words of theirs that were kept, drafts of case studies.",
        ),
    )
