"""What the keyboard does everywhere; a page's own keys stand on its links and buttons as `data-key`."""

from dataclasses import dataclass

from keepwell.faces.web.places import GROUPS


@dataclass(frozen=True)
class Shortcut:
    """Keys, pressed one after the other or (with +) together, and what they do."""

    keys: tuple[str, ...]
    does: str


EVERYWHERE = (
    Shortcut(("Ctrl+K",), "search, and do anything by its name (⌘K on a Mac)"),
    Shortcut(("/",), "filter the list, where one is shown; search elsewhere"),
    Shortcut(("?",), "this list"),
    Shortcut(("[",), "make the rail narrow or wide"),
    Shortcut(("Esc",), "close what is open"),
)
IN_LISTS = (
    Shortcut(("j",), "next row"),
    Shortcut(("k",), "previous row"),
    Shortcut(("Enter",), "open the row"),
)


def going() -> tuple[Shortcut, ...]:
    """`g` and a place's letter."""
    return tuple(
        Shortcut(("g", place.key), place.title) for group in GROUPS for place in group.places if place.key
    )
