"""How long words are, told without the font: a deck is opened where other fonts are.

Widths are in em, of a grotesque as Arial is (its own widths rounded up), so that what fits here fits there.
"""

import unicodedata

NARROW, SLIM, BROAD, BROADEST = "ijl.,:;|!'I ", 'frt()[]{}-/\\"', "mwMW@%ABCDEGHKNOPQRSUVXYZ&", "—…"
LINE = 1.2  # the height of a line in em
SPARE = 1.04  # fonts differ


def width(text: str, size: float) -> float:
    """Points that a line of text takes at a size in points."""
    return SPARE * size * sum(map(_em, text))


def lines(text: str, size: float, room: float) -> int:
    """How many lines a text takes in a room so many points wide, broken between words, and within those that are too long."""
    count, used = 0, 0.0
    for paragraph in text.split("\n"):
        count, used = count + 1, 0.0
        for word in paragraph.split(" "):
            long = width(word, size)
            if used and used + width(" ", size) + long > room:
                count, used = count + 1, 0.0
            more, rest = divmod(long, room)
            count += int(more) if used == 0 else 0
            used = (rest if more else long) if used == 0 else used + width(" ", size) + long
    return count


def height(text: str, size: float, room: float) -> float:
    """Points that a text takes downwards."""
    return lines(text, size, room) * size * LINE


def fitting(text: str, sizes: range, room: float, tall: float) -> int:
    """The greatest of the sizes (they come from great to small) at which a text stays in its box; else the smallest."""
    return next((size for size in sizes if height(text, size, room) <= tall), sizes[-1])


def _em(char: str) -> float:
    if char in NARROW:
        return 0.28
    if char in SLIM:
        return 0.36
    if char in BROADEST or unicodedata.east_asian_width(char) in "WF":
        return 1.0
    if char in BROAD:
        return 0.8 if char in "mwMW@%" else 0.72
    return 0.56
