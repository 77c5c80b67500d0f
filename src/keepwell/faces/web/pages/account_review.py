"""What the page says that shows a review's deck before it is taken."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from keepwell.charts.sparkline import sparkline
from keepwell.drafting.slides.deck import Deck, Graph, Grid, Points, Receipt, Slide, Stat
from keepwell.faces.components.marks import Tab
from keepwell.faces.reviewing import Period
from keepwell.faces.web.asking import READ
from keepwell.faces.web.pages.reviews import ReviewLine
from keepwell.kernel.figures import figure


@dataclass(frozen=True)
class BlockView:
    """One part of a slide: a small line, bars as rows, a table or sentences; the others are empty."""

    title: str
    line: SafeString
    bars: tuple[tuple[str, str], ...]
    heads: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[tuple[str, str, bool], ...], ...]
    said: tuple[str, ...]


@dataclass(frozen=True)
class SlideView:
    """A slide as one reads it before the meeting."""

    number: int
    title: str
    stats: tuple[Stat, ...]
    blocks: tuple[BlockView, ...]
    receipts: tuple[Receipt, ...]


@dataclass(frozen=True)
class ReviewPage:
    """The deck of a period, with the ways to others and to its files; `awaits` is where it is read, once the page is there.

    `reviews` are those of the account, to come and held."""

    key: str
    name: str
    since: str
    until: str
    last: str
    tabs: tuple[Tab, ...]
    awaits: str
    title: str
    subtitle: str
    slides: tuple[SlideView, ...]
    pptx: str
    pdf: str
    reviews: tuple[ReviewLine, ...]
    may_work: bool


def page(
    key: str,
    name: str,
    asked: Period,
    usual: tuple[tuple[str, Period], ...],
    deck: Deck | None,
    *,
    last: date,
    reviews: tuple[ReviewLine, ...],
    may_work: bool,
) -> ReviewPage:
    """The page, with the deck or before it was read."""
    here = reverse("account-review", args=(key,))
    query = _query(asked)
    return ReviewPage(
        key=key,
        name=name,
        since=asked.since.isoformat(),
        until=asked.until.isoformat(),
        last=last.isoformat(),
        tabs=tuple(Tab(title, f"{here}?{_query(one)}", one == asked) for title, one in usual),
        awaits="" if deck else f"{here}?{query}&{READ}=1",
        title=deck.title if deck else "",
        subtitle=deck.subtitle if deck else "",
        slides=tuple(_slide(number, one) for number, one in enumerate(deck.slides, 2)) if deck else (),
        pptx=f"{reverse('account-review-pptx', args=(key,))}?{query}",
        pdf=f"{reverse('account-review-pdf', args=(key,))}?{query}",
        reviews=reviews,
        may_work=may_work,
    )


def _query(asked: Period) -> str:
    return urlencode({"since": asked.since.isoformat(), "until": asked.until.isoformat()})


def _slide(number: int, slide: Slide) -> SlideView:
    return SlideView(number, slide.title, slide.stats, tuple(map(_block, slide.blocks)), slide.receipts)


def _block(block: Graph | Grid | Points) -> BlockView:
    none = mark_safe("")
    if isinstance(block, Points):
        return BlockView(block.heading, none, (), (), (), block.said)
    if isinstance(block, Grid):
        heads = tuple((head, place in block.figures) for place, head in enumerate(block.heads))
        rows = tuple(
            tuple((head, cell, is_figure) for (head, is_figure), cell in zip(heads, row, strict=True))
            for row in block.rows
        )
        return BlockView("", none, (), heads, rows, ())
    if block.kind == "lines":
        drawn = "".join(
            sparkline(one.values, band="", label=one.name, is_score=False) for one in block.series
        )
        return BlockView(block.title, mark_safe(drawn), (), (), (), ())  # noqa: S308 - drawn by us, labels escaped
    (series,) = block.series
    told = ("–" if value is None else figure(value) for value in series.values)
    return BlockView(block.title, none, tuple(zip(block.names, told, strict=True)), (), (), ())
