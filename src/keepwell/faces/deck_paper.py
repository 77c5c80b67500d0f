"""The company's own paper for decks, the same for every face: looked at first, then in force."""

from datetime import datetime

from keepwell.access.scopes import Scope
from keepwell.drafting.slides import templates
from keepwell.outcomes.actions import deck_templates


def adopt(*, name: str, content: bytes, by: Scope, at: datetime) -> int:
    """Make decks with a file from now on, if they can be drawn on it; gives its number."""
    by.require("config.change")
    return deck_templates.adopt(name=name, content=content, layouts=templates.checked(content), by=by, at=at)
