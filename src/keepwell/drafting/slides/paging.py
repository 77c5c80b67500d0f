"""Nothing is cut off: what does not fit on a slide goes on on the next one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from keepwell.drafting.slides import geometry, measuring
from keepwell.drafting.slides.deck import Block, Grid, Points, Slide
from keepwell.drafting.slides.geometry import Box

CELL, TEXT = 12, 16  # points: what a room full of people can read
PAD_X, PAD_Y = 10.0, 7.0
GAP = 8.0


def paged(slide: Slide, paper: Box) -> list[Slide]:
    """The slide as one or several, on each of which everything fits."""
    if not slide.blocks:
        return [slide]
    (wide, tall), *_ = [box[2:] for box in geometry.beside(geometry.body(slide, paper), len(slide.blocks))]
    parts = [list(_parts(block, wide, tall)) for block in slide.blocks]
    count = max(map(len, parts), default=1)
    if count <= 1:
        return [slide]
    return [
        replace(
            slide,
            title=f"{slide.title} ({number + 1}/{count})",
            blocks=tuple(some[number] for some in parts if number < len(some)),
            stats=slide.stats if number == 0 else (),
        )
        for number in range(count)
    ]


def _parts(block: Block, wide: float, tall: float) -> Iterator[Block]:
    if isinstance(block, Grid):
        widths = columns(block, wide)
        room = tall - row_height(block.heads, widths)
        for some in _filled([row_height(row, widths) for row in block.rows], room):
            yield replace(block, rows=block.rows[some])
    elif isinstance(block, Points):
        room = tall - heading_height(block, wide)
        for some in _filled([point_height(said, wide) for said in block.said], room):
            yield replace(block, said=block.said[some])
    else:
        yield block


def _filled(heights: Sequence[float], room: float) -> Iterator[slice]:
    """Runs of as many as fit, at least one each."""
    begin, used = 0, 0.0
    for number, tall in enumerate(heights):
        if number > begin and used + tall > room:
            yield slice(begin, number)
            begin, used = number, 0.0
        used += tall
    if heights:
        yield slice(begin, len(heights))


def columns(grid: Grid, wide: float) -> list[float]:
    """The width of each column: of figures what they need, of words what is left, by how much they say.

    Where there is room for it no word and no figure is broken; days are one word.
    """
    needs = [
        max(measuring.width(cell, CELL) for cell in (head, *(row[number] for row in grid.rows))) + 2 * PAD_X
        for number, head in enumerate(grid.heads)
    ]
    if sum(needs) <= wide:
        texts = [number for number in range(len(needs)) if number not in grid.figures] or range(len(needs))
        spare = (wide - sum(needs)) / len(texts)
        return [need + (spare if number in texts else 0) for number, need in enumerate(needs)]
    words = [
        needs[number]
        if number in grid.figures
        else max(_longest(cell) for cell in (head, *(row[number] for row in grid.rows))) + 2 * PAD_X
        for number, head in enumerate(grid.heads)
    ]
    if sum(words) <= wide:
        part = (wide - sum(words)) / (sum(needs) - sum(words))
        return [word + part * (need - word) for word, need in zip(words, needs, strict=True)]
    least = wide / (2 * len(needs))
    held = {number: min(need, 2 * least) for number, need in enumerate(needs) if need <= 2 * least}
    rest, left = wide - sum(held.values()), sum(need for n, need in enumerate(needs) if n not in held)
    return [held.get(number, max(least, rest * need / left)) for number, need in enumerate(needs)]


def _longest(cell: str) -> float:
    return max(measuring.width(word, CELL) for word in cell.replace("\n", " ").split(" "))


def row_height(cells: Sequence[str], widths: Sequence[float]) -> float:
    """How tall a row is."""
    texts = zip(cells, widths, strict=True)
    return max(measuring.height(cell, CELL, wide - 2 * PAD_X) for cell, wide in texts) + 2 * PAD_Y


def heading_height(points: Points, wide: float) -> float:
    """How tall the heading of some points is."""
    return measuring.height(points.heading, TEXT, wide) + GAP if points.heading else 0.0


def point_height(said: str, wide: float) -> float:
    """How tall a point is, with the space after it."""
    return measuring.height(said, TEXT, wide - TEXT) + GAP
