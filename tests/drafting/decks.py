"""Decks to draw, and what a file of PowerPoint says."""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from pptx import Presentation

from keepwell.drafting.slides.deck import Deck, Graph, Grid, Points, Receipt, Series, Slide, Stat

DAYS = tuple(date(2026, 5, 24) + timedelta(weeks=week) for week in range(26))
RECEIPT = Receipt("Distinct people who used it in seven days.", "As of 21 November 2026.")


def full(name: str = "Willow") -> Deck:
    """A deck with every kind of block, and more in a table than a slide holds."""
    line = Series("People", tuple(None if week == 3 else 20.0 + week for week in range(26)))
    rows = tuple(
        (f"Outcome {n} of a long list that goes on", "Hours a report takes", "9", "2") for n in range(30)
    )
    return Deck(
        title=f"{name}: business review",
        subtitle="1 July – 30 September 2026",
        footer=f"Fernhill · {name}",
        slides=(
            Slide(
                title=f"All is well at {name}",
                stats=(Stat("Seats in use", "70 %", "7 of 10"), Stat("Value", "$84,000 to $112,000")),
                blocks=(
                    Points("What happened", ("Use rose.",)),
                    Points("What is asked", ("Agree.", "Sign.")),
                ),
                receipts=(RECEIPT,),
            ),
            Slide("Use rose", (Graph("lines", "People in a week", DAYS, (line,)),), receipts=(RECEIPT,)),
            Slide(
                "Exports are used most",
                (Graph("bars", "People", ("Exports", "Reports"), (Series("People", (5.0, 0.0)),)),),
            ),
            Slide(
                "Outcomes",
                (Grid(("Outcome", "Indicator", "Was", "Is"), rows, frozenset({2, 3})),),
                receipts=(RECEIPT,) * 6,
            ),
        ),
    )


def opened(file: bytes) -> Any:
    """A presentation of python-pptx."""
    return Presentation(io.BytesIO(file))


def texts(file: bytes) -> str:
    """Everything that a file of PowerPoint says: shapes, tables, notes, charts with their sheets, and its properties."""
    made = opened(file)
    return "\n".join([made.core_properties.title, *(said for slide in made.slides for said in _said(slide))])


def _said(slide: Any) -> Iterator[str]:
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text
        if shape.has_table:
            yield from (cell.text for row in shape.table.rows for cell in row.cells)
        if shape.has_chart:
            yield from (shape.chart._chartSpace.xml, shape.name)
    yield slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""
