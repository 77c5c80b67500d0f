"""The same deck as a PDF: a page a slide, of the same shape."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import polars as pl

from keepwell.charts import render
from keepwell.charts.chart import Chart
from keepwell.charts.deck_bars import DeckBars
from keepwell.charts.deck_lines import DeckLines
from keepwell.drafting import typesetting
from keepwell.drafting.slides import geometry, paging
from keepwell.drafting.slides.deck import Block, Deck, Graph, Grid, Slide
from keepwell.drafting.slides.geometry import Box

TEMPLATE = "slides/deck.typ"
KINDS: dict[str, Callable[[str], Chart]] = {"lines": DeckLines, "bars": DeckBars}
PAPER = Box(0, 0, 960, 540)  # points: 13.33 by 7.5 inches


def pdf(deck: Deck, *, at: datetime) -> bytes:
    """The PDF; the same deck gives the same file at the same moment."""
    pictures: dict[str, str] = {}
    told = {
        "title": deck.title,
        "subtitle": deck.subtitle,
        "footer": deck.footer,
        "foot": geometry.foot(PAPER),
        "language": deck.language[:2],
        "slides": [_slide(part, pictures) for slide in deck.slides for part in paging.paged(slide, PAPER)],
    }
    return typesetting.pdf(TEMPLATE, told, pictures, at=at)


def _slide(slide: Slide, pictures: dict[str, str]) -> dict[str, Any]:
    size, head = geometry.head(slide.title, PAPER)
    places = geometry.beside(geometry.body(slide, PAPER), len(slide.blocks))
    return {
        "title": slide.title,
        "size": size,
        "head": head,
        "stats": [[stat.label, stat.value, stat.note] for stat in slide.stats],
        "figures": geometry.stats(slide, PAPER),
        "blocks": [
            {"box": box} | _block(block, box, pictures)
            for block, box in zip(slide.blocks, places, strict=True)
        ],
        "receipts": geometry.said(slide).splitlines(),
        "sources": geometry.sources(slide, PAPER),
    }


def _block(block: Block, box: Box, pictures: dict[str, str]) -> dict[str, Any]:
    if isinstance(block, Graph):
        name = f"graph-{len(pictures)}"
        pictures[name] = _drawn(block, is_wide=box.wide > PAPER.wide / 2)
        return {"kind": "graph", "title": block.title, "file": f"{name}.svg"}
    if isinstance(block, Grid):
        widths, figures = paging.columns(block, box.wide), sorted(block.figures)
        return {
            "kind": "grid",
            "heads": block.heads,
            "rows": block.rows,
            "widths": widths,
            "figures": figures,
        }
    return {"kind": "points", "heading": block.heading, "said": block.said}


def _drawn(graph: Graph, *, is_wide: bool) -> str:
    rows = [
        {"place": place, "label": label, "series": series.name, "value": value}
        for series in graph.series
        for place, (label, value) in enumerate(zip(graph.names, series.values, strict=True))
    ]
    schema = {"place": pl.Int64, "label": pl.String, "series": pl.String, "value": pl.Float64}
    picture = render.picture(KINDS[graph.kind](graph.title), pl.DataFrame(rows, schema=schema))
    return picture.svg if is_wide else picture.narrow_svg
