"""Where everything stands on a slide, in points: the title above, figures below it, then blocks, receipts at the foot."""

from typing import NamedTuple

from keepwell.drafting.slides import measuring
from keepwell.drafting.slides.deck import Slide

HEAD_SIZES, SOURCE = range(28, 17, -2), 9
MARGIN, BETWEEN, STATS, LEAST = 40.0, 24.0, 92.0, 120.0
FOOT = SOURCE * measuring.LINE + 6


class Box(NamedTuple):
    """A place."""

    left: float
    top: float
    wide: float
    tall: float


def said(slide: Slide) -> str:
    """The receipts of a slide, a line each."""
    return "\n".join(f"{receipt.what} {receipt.moment}".strip() for receipt in slide.receipts)


def head(title: str, paper: Box) -> tuple[int, Box]:
    """The size of a title and its place: two lines at most, at the smallest of the sizes more."""
    room = paper.wide - 2 * MARGIN
    size = measuring.fitting(title, HEAD_SIZES, room, 2 * HEAD_SIZES[0] * measuring.LINE)
    return size, Box(MARGIN, MARGIN, room, measuring.height(title, size, room) + 8)


def stats(slide: Slide, paper: Box) -> Box:
    """The place of the figures."""
    _, above = head(slide.title, paper)
    return Box(MARGIN, above.top + above.tall + BETWEEN / 2, above.wide, STATS if slide.stats else 0)


def sources(slide: Slide, paper: Box) -> Box:
    """The place of the receipts, just above the foot."""
    text, room = said(slide), paper.wide - 2 * MARGIN
    tall = measuring.height(text, SOURCE, room) + 4 if text else 0.0
    return Box(MARGIN, foot(paper).top - tall, room, tall)


def foot(paper: Box) -> Box:
    """The last line."""
    return Box(MARGIN, paper.tall - MARGIN / 2 - FOOT, paper.wide - 2 * MARGIN, FOOT)


def body(slide: Slide, paper: Box) -> Box:
    """What is left for the blocks."""
    above = stats(slide, paper)
    top = above.top + above.tall + (BETWEEN / 2 if slide.stats else 0)
    return Box(MARGIN, top, above.wide, max(sources(slide, paper).top - top - BETWEEN / 2, LEAST))


def beside(box: Box, count: int) -> list[Box]:
    """A place cut into so many beside each other."""
    wide = (box.wide - BETWEEN * (count - 1)) / max(count, 1)
    return [box._replace(left=box.left + number * (wide + BETWEEN), wide=wide) for number in range(count)]
