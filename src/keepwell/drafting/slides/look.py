"""How our own decks look: the colours of the pages, on paper of 13.33 by 7.5 inches. A company's template has its own."""

import re
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Emu, Inches

from keepwell.drafting.typesetting import COLOURS

WIDE, TALL = Inches(13.333), Inches(7.5)
FONT = "Arial"  # on every machine, or one with the same widths is
ACCENTS = ("accent", "good", "warn", "bad", "ink-quiet", "unknown")


def blank() -> Any:
    """An empty presentation of ours."""
    made = Presentation()
    stretch = WIDE / made.slide_width
    made.slide_width, made.slide_height = WIDE, TALL
    for holder in (made.slide_master, *made.slide_layouts):
        for shape in holder.placeholders:
            if shape._element.spPr.find("{*}xfrm") is None:
                continue  # it stands where the master's stands
            shape.left, shape.width = Emu(int(shape.left * stretch)), Emu(int(shape.width * stretch))
    _cover(made.slide_layouts[0])
    _theme(made)
    return made


def _cover(layout: Any) -> None:
    """Title and subtitle at the left, a short line in the accent above them."""
    top = Inches(2.6)
    bar = layout.shapes  # python-pptx adds shapes to slides alone; a layout takes the same XML
    bar._spTree.append(parse_xml(BAR.format(n=nsdecls("p", "a"), x=Inches(0.9), y=top - Inches(0.35))))
    for shape in layout.placeholders:
        kind = shape.placeholder_format.type
        if kind in (PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.SUBTITLE):
            is_title = kind == PP_PLACEHOLDER.CENTER_TITLE
            shape.left, shape.width = Inches(0.8), WIDE - Inches(1.6)
            shape.top, shape.height = (top, Inches(1.4)) if is_title else (top + Inches(1.5), Inches(1))
            frame = shape.text_frame
            frame.vertical_anchor = MSO_ANCHOR.TOP
            style = shape._element.txBody.find("{*}lstStyle")
            for old in list(style):
                style.remove(old)
            style.append(
                parse_xml(STYLE.format(n=nsdecls("a"), size=4000 if is_title else 2000, bold=int(is_title)))
            )


BAR = (
    '<p:sp {n}><p:nvSpPr><p:cNvPr id="99" name="Line"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>'
    '<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="914400" cy="57150"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    '<a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
)
STYLE = (
    '<a:lvl1pPr {n} marL="0" indent="0" algn="l"><a:buNone/><a:defRPr sz="{size}" b="{bold}"><a:solidFill>'
    '<a:schemeClr val="tx1"/></a:solidFill></a:defRPr></a:lvl1pPr>'
)


def _theme(made: Any) -> None:
    """Our colours and type in the theme, so that whoever edits the deck is offered them."""
    part = made.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    text = part.blob.decode()
    for number, name in enumerate(ACCENTS, 1):
        colour = f'<a:accent{number}><a:srgbClr val="{COLOURS[name][1:].upper()}"/></a:accent{number}>'
        text = re.sub(rf"<a:accent{number}>.*?</a:accent{number}>", colour, text, flags=re.DOTALL)
    dark = f'<a:dk1><a:srgbClr val="{COLOURS["ink"][1:].upper()}"/></a:dk1>'
    text = re.sub(r"<a:dk1>.*?</a:dk1>", dark, text, flags=re.DOTALL)
    part._blob = re.sub(r'<a:latin typeface="[^"]*"', f'<a:latin typeface="{FONT}"', text).encode()
