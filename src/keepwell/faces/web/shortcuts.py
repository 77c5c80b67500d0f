"""What the keyboard does everywhere; a page's own keys stand on its links and buttons as `data-key`."""

from dataclasses import dataclass

from keepwell.faces.web.places import GROUPS
from keepwell.kernel import speech


@dataclass(frozen=True)
class Shortcut:
    """Keys, pressed one after the other or (with +) together, and what they do."""

    keys: tuple[str, ...]
    does: str


EVERYWHERE = (
    Shortcut((speech.later("Ctrl+K"),), speech.later("search, and do anything by its name (⌘K on a Mac)")),
    Shortcut(("/",), speech.later("filter the list, where one is shown; search elsewhere")),
    Shortcut(("?",), speech.later("this list")),
    Shortcut(("[",), speech.later("make the rail narrow or wide")),
    Shortcut((speech.later("Esc"),), speech.later("close what is open")),
)
IN_LISTS = (
    Shortcut(("j",), speech.later("next row")),
    Shortcut(("k",), speech.later("previous row")),
    Shortcut((speech.later("Enter"),), speech.later("open the row")),
)


def going() -> tuple[Shortcut, ...]:
    """`g` and a place's letter."""
    return tuple(
        Shortcut(("g", place.key), place.title) for group in GROUPS for place in group.places if place.key
    )
