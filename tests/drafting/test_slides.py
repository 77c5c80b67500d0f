"""A deck as PowerPoint and as PDF: sound files, everything on the slide, native charts."""

import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openxml_audit import validate_pptx
from pptx import Presentation

from keepwell.drafting.slides import geometry, measuring, paging, paper, powerpoint
from keepwell.drafting.slides.deck import Deck, Grid, Points, Slide
from keepwell.drafting.slides.geometry import Box
from keepwell.kernel.errors import Invalid
from tests.drafting import decks

AT = datetime(2026, 11, 22, tzinfo=UTC)
NAMES = ["Willow", "شركة نسيم الشمال للتجارة", "株式会社 柳", "O’Neil & Søns <AG> 🚀", "A" * 200]
SHEET = Box(0, 0, 960, 540)


@pytest.mark.parametrize("name", NAMES)
def test_every_deck_is_a_sound_file_with_all_of_it_on_the_slides(name: str, tmp_path: Path) -> None:
    deck = decks.full(name)
    file = tmp_path / "deck.pptx"
    file.write_bytes(powerpoint.pptx(deck))
    found = validate_pptx(file)
    assert found.is_valid, [str(error) for error in found.errors]
    made = decks.opened(file.read_bytes())
    for slide in made.slides:
        for shape in slide.shapes:
            if shape.is_placeholder and shape.shape_id > 2 and shape.left is None:
                continue  # the number, where the layout has it
            assert shape.left >= 0, shape.name
            assert shape.left + shape.width <= made.slide_width + 1, shape.name
            assert shape.top + shape.height <= made.slide_height + 1, shape.name
    said = decks.texts(file.read_bytes())
    assert name in said
    assert all(f"Outcome {n} of" in said for n in range(30)), "what does not fit goes on on the next slide"
    assert decks.RECEIPT.what in said


def test_charts_are_powerpoints_own_and_what_is_unknown_is_left_out() -> None:
    made = decks.opened(powerpoint.pptx(decks.full()))
    lines, bars = (shape.chart for slide in made.slides for shape in slide.shapes if shape.has_chart)
    (series,) = lines.plots[0].series
    assert series.values[2:5] == (22.0, None, 24.0)
    assert [str(one) for one in bars.plots[0].categories] == ["Exports", "Reports"]
    assert bars.plots[0].series[0].values == (5.0, 0.0)
    assert bars.part.chart_workbook.xlsx_part is not None, "its figures open and can be changed"


def test_a_companys_own_template_is_used_without_its_slides() -> None:
    own = Presentation()
    own.slides.add_slide(own.slide_layouts[0]).shapes.title.text = "Their old cover"
    own.slide_master.name = "House of Fernhill"
    file = io.BytesIO()
    own.save(file)
    made = decks.opened(powerpoint.pptx(decks.full(), template=file.getvalue()))
    assert (made.slide_width, made.slide_height) == (own.slide_width, own.slide_height)
    assert made.slide_master.name == "House of Fernhill"
    assert made.slides[0].shapes.title.text == "Willow: business review"
    assert "Their old cover" not in decks.texts(powerpoint.pptx(decks.full(), template=file.getvalue()))


def test_a_template_that_is_none_is_refused() -> None:
    with pytest.raises(Invalid, match="cannot be opened"):
        powerpoint.pptx(decks.full(), template=b"no zip")
    bare = Presentation()
    for layout in list(bare.slide_layouts)[:]:
        for shape in list(layout.placeholders):
            shape._element.getparent().remove(shape._element)
    file = io.BytesIO()
    bare.save(file)
    with pytest.raises(Invalid, match="no layout with a title"):
        powerpoint.pptx(decks.full(), template=file.getvalue())


@pytest.mark.parametrize("name", NAMES[:4])
def test_the_pdf_has_a_page_for_each_slide_and_is_the_same_again(name: str) -> None:
    deck = decks.full(name)
    made = paper.pdf(deck, at=AT)
    pages = len(re.findall(rb"/Type\s*/Page\b", made))
    assert pages == len(decks.opened(powerpoint.pptx(deck)).slides)
    assert paper.pdf(deck, at=AT) == made


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300)


@given(st.lists(words, min_size=1, max_size=40), words)
def test_pages_keep_every_sentence_in_its_order_and_within_its_box(said: list[str], title: str) -> None:
    slide = Slide(title, (Points("", tuple(said)),))
    parts = paging.paged(slide, SHEET)
    kept = [one for part in parts for block in part.blocks if isinstance(block, Points) for one in block.said]
    assert kept == said
    for part in parts:
        box = geometry.body(part, SHEET)
        (block,) = part.blocks
        assert isinstance(block, Points)
        tall = sum(paging.point_height(one, box.wide) for one in block.said)
        assert len(block.said) == 1 or tall <= geometry.body(slide, SHEET).tall


@given(words, st.integers(8, 30), st.floats(60, 900))
def test_a_text_takes_more_lines_the_narrower_its_room(text: str, size: int, room: float) -> None:
    wide, narrow = measuring.lines(text, size, 2 * room), measuring.lines(text, size, room)
    assert 1 <= wide <= narrow
    assert measuring.lines(text, size, measuring.width(text, size) + 1) == text.count("\n") + 1


def test_no_word_of_a_table_is_broken_where_there_is_room() -> None:
    day = "22\xa0November\xa02026"
    row = (
        "A long outcome that takes two lines of its column whatever is done",
        "An indicator with many words in it",
        day,
        day,
    )
    widths = paging.columns(Grid(("Outcome", "Indicator", "From", "By"), (row,)), 428)
    assert sum(widths) == pytest.approx(428)
    assert min(widths[2:]) >= measuring.width(day, paging.CELL) + 2 * paging.PAD_X


def test_a_deck_without_slides_is_its_cover() -> None:
    made = decks.opened(powerpoint.pptx(Deck("Willow", "", ())))
    assert [slide.shapes.title.text for slide in made.slides] == ["Willow"]
