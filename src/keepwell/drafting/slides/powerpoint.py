"""From a deck to a PowerPoint file: on our own paper, or on a company's template with its layouts, colours and type."""

import copy
import io
from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Emu, Pt

from keepwell.drafting.slides import drawing, geometry, look, measuring, paging
from keepwell.drafting.slides.deck import Block, Deck, Graph, Grid, Points, Slide, Stat
from keepwell.drafting.slides.geometry import Box
from keepwell.drafting.typesetting import COLOURS
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid

INK, QUIET, LINE = (RGBColor.from_string(COLOURS[name][1:].upper()) for name in ("ink", "ink-quiet", "line"))
TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
FURNITURE = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
BIG, NOTE = 30, 12
POINT = 12_700  # EMU
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's "No Style, No Grid"


def emu(box: Box) -> tuple[Emu, Emu, Emu, Emu]:
    """A place as PowerPoint counts."""
    left, top, wide, tall = (Emu(round(side * POINT)) for side in box)
    return left, top, wide, tall


def pptx(deck: Deck, *, template: bytes | None = None) -> bytes:
    """The file. Of a template the layouts are used, its slides are not; refuses one that has no title on any layout."""
    made = look.blank() if template is None else opened(template)
    cover, page = layouts(made)
    _cover(made.slides.add_slide(cover), deck)
    paper = Box(0, 0, made.slide_width / POINT, made.slide_height / POINT)
    for slide in deck.slides:
        for part in paging.paged(slide, paper):
            _page(made.slides.add_slide(page), part, deck.footer, paper)
    properties = made.core_properties
    properties.title, properties.author, properties.language = deck.title, deck.footer, deck.language
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def opened(template: bytes) -> Any:
    """A company's own file, without its slides; refuses what cannot be opened."""
    try:
        made = Presentation(io.BytesIO(template))
    except Exception as broken:
        raise Invalid("The template cannot be opened as a PowerPoint file (.pptx).") from broken
    listed = made.slides._sldIdLst
    for entry in list(listed):
        made.part.drop_rel(entry.rId)
        listed.remove(entry)
    return made


def layouts(made: Any) -> tuple[Any, Any]:
    """The layout of the cover (a title and something under it) and that of a page (a title alone, or with the least else)."""
    titled = [
        layout for layout in made.slide_layouts if any(_is_title(shape) for shape in layout.placeholders)
    ]
    if not titled:
        raise Invalid("The template has no layout with a title. Add one in its slide master.")
    covers = [layout for layout in titled if PP_PLACEHOLDER.SUBTITLE in _kinds(layout)]
    return (covers or titled)[0], min(titled, key=lambda layout: (len(_kinds(layout)), layout in covers))


def _kinds(layout: Any) -> list[Any]:
    found = [shape.placeholder_format.type for shape in layout.placeholders]
    return [kind for kind in found if kind not in FURNITURE]


def _is_title(shape: Any) -> bool:
    return shape.placeholder_format.type in TITLES


def _cover(slide: Any, deck: Deck) -> None:
    rest = [shape for shape in slide.placeholders if not _is_title(shape)]
    slide.shapes.title.text = deck.title
    for shape, said in zip(rest, [deck.subtitle], strict=False):
        shape.text = said
    for empty in rest[1:]:
        empty._element.getparent().remove(empty._element)


def _page(page: Any, slide: Slide, footer: str, paper: Box) -> None:
    size, place = geometry.head(slide.title, paper)
    title = page.shapes.title
    title.left, title.top, title.width, title.height = emu(place)
    frame = title.text_frame
    _write(frame, slide.title, size=size, bold=True)
    frame.vertical_anchor, frame.margin_left, frame.margin_right, frame.margin_top = MSO_ANCHOR.TOP, 0, 0, 0
    for shape in [shape for shape in page.placeholders if not _is_title(shape)]:
        shape._element.getparent().remove(shape._element)
    if slide.stats:
        _stats(page.shapes, slide.stats, geometry.stats(slide, paper))
    places = geometry.beside(geometry.body(slide, paper), len(slide.blocks))
    for block, box in zip(slide.blocks, places, strict=True):
        _put(page.shapes, block, box)
    _foot(page, slide, footer, paper)
    page.notes_slide.notes_text_frame.text = geometry.said(slide)


def _put(shapes: Any, block: Block, box: Box) -> None:
    if isinstance(block, Graph):
        head = measuring.height(block.title, NOTE, box.wide) + 6 if block.title else 0
        if block.title:
            _text(shapes, block.title, box._replace(tall=head), size=NOTE, colour=QUIET)
        drawing.drawn(shapes, block, emu(box._replace(top=box.top + head, tall=box.tall - head)))
    elif isinstance(block, Grid):
        _table(shapes, block, box)
    else:
        _points(shapes, block, box)


def _stats(shapes: Any, stats: Sequence[Stat], box: Box) -> None:
    places = geometry.beside(box, len(stats))
    room = places[0].wide
    size = min(
        measuring.fitting(stat.value, range(BIG, 15, -2), room, BIG * measuring.LINE) for stat in stats
    )
    for stat, place in zip(stats, places, strict=True):
        frame = _text(shapes, stat.label, place, size=NOTE, colour=QUIET)
        _more(frame, stat.value, size=size, bold=True)
        if stat.note:
            _more(frame, stat.note, size=NOTE, colour=QUIET)


def _points(shapes: Any, points: Points, box: Box) -> None:
    frame = _text(shapes, points.heading or points.said[0], box, size=paging.TEXT, bold=bool(points.heading))
    for said in points.said if points.heading else points.said[1:]:
        paragraph = _more(frame, said, size=paging.TEXT)
        paragraph.space_before = Pt(paging.GAP)


def _table(shapes: Any, grid: Grid, box: Box) -> None:
    widths = paging.columns(grid, box.wide)
    rows = [grid.heads, *grid.rows]
    heights = [paging.row_height(row, widths) for row in rows]
    place = emu(box._replace(tall=sum(heights)))
    shape = shapes.add_table(len(rows), len(grid.heads), *place)
    table = shape.table
    table.horz_banding = False
    style = shape._element.graphic.graphicData.tbl.tblPr
    style.find("{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId").text = NO_STYLE
    for number, wide in enumerate(widths):
        table.columns[number].width = Emu(round(wide * POINT))
    for y, (row, tall) in enumerate(zip(rows, heights, strict=True)):
        table.rows[y].height = Emu(round(tall * POINT))
        for x, text in enumerate(row):
            cell = table.cell(y, x)
            cell.margin_left = cell.margin_right = Pt(paging.PAD_X)
            cell.margin_top = cell.margin_bottom = Pt(paging.PAD_Y)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            paragraph = _write(
                cell.text_frame, text, size=paging.CELL, bold=y == 0, colour=QUIET if y == 0 else INK
            )
            paragraph.alignment = PP_ALIGN.RIGHT if x in grid.figures else PP_ALIGN.LEFT
            _underlined(cell)


def _underlined(cell: Any) -> None:
    """A thin line below; the standard wants lines before fills."""
    properties = cell._tc.get_or_add_tcPr()
    line = parse_xml(
        f'<a:lnB {nsdecls("a")} w="6350"><a:solidFill><a:srgbClr val="{LINE}"/></a:solidFill></a:lnB>'
    )
    properties.insert(0, line)


def _foot(page: Any, slide: Slide, footer: str, paper: Box) -> None:
    if said := geometry.said(slide):
        _text(page.shapes, said, geometry.sources(slide, paper), size=geometry.SOURCE, colour=QUIET)
    furniture = {shape.placeholder_format.type: shape for shape in page.slide_layout.placeholders}
    number = furniture.get(PP_PLACEHOLDER.SLIDE_NUMBER)
    if number is not None:
        element = copy.deepcopy(number._element)
        element.nvSpPr.cNvPr.set("id", str(max(shape.shape_id for shape in page.shapes) + 1))
        page.shapes._spTree.append(element)
    if footer:
        room = geometry.foot(paper)
        _text(page.shapes, footer, room._replace(wide=room.wide * 0.8), size=geometry.SOURCE, colour=QUIET)


def _text(shapes: Any, text: str, box: Box, *, size: int, bold: bool = False, colour: RGBColor = INK) -> Any:
    frame = shapes.add_textbox(*emu(box)).text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.auto_size, frame.word_wrap = MSO_AUTO_SIZE.NONE, True
    _write(frame, text, size=size, bold=bold, colour=colour)
    return frame


def _write(frame: Any, text: str, *, size: int, bold: bool = False, colour: RGBColor = INK) -> Any:
    frame.text = text
    for paragraph in frame.paragraphs:
        _styled(paragraph, size, bold=bold, colour=colour)
    return frame.paragraphs[0]


def _more(frame: Any, text: str, *, size: int, bold: bool = False, colour: RGBColor = INK) -> Any:
    paragraph = frame.add_paragraph()
    paragraph.text = text
    _styled(paragraph, size, bold=bold, colour=colour)
    return paragraph


def _styled(paragraph: Any, size: int, *, bold: bool, colour: RGBColor) -> None:
    paragraph.alignment = PP_ALIGN.RIGHT if speech.language().startswith("ar") else PP_ALIGN.LEFT
    said = f'{nsdecls("a")} sz="{size * 100}" b="{int(bold)}"'
    for run in paragraph.runs:  # in one piece: each property by itself costs a third of a deck
        fill = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
        run._r.get_or_add_rPr().getparent().replace(run._r.rPr, parse_xml(f"<a:rPr {said}>{fill}</a:rPr>"))
