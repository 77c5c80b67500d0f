"""Whether a company's own PowerPoint file can be drawn on: what a deck needs of it, said before anybody relies on it."""

import io
import zipfile

from keepwell.drafting.slides import powerpoint
from keepwell.drafting.slides.deck import Deck, Graph, Grid, Points, Receipt, Series, Slide, Stat
from keepwell.kernel.errors import Invalid

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 5000
LEAST_POINTS = (480, 270)
MAIN = "ppt/presentation.xml"
MACROS = "vbaProject.bin"

TRIAL = Deck(
    title="Trial",
    subtitle="Trial",
    slides=(
        Slide(
            title="Trial",
            stats=(Stat("Trial", "1"),),
            blocks=(Points("Trial", ("Trial",)), Points("Trial", ("Trial",))),
            receipts=(Receipt("Trial", "Trial"),),
        ),
        Slide("Trial", (Graph("bars", "Trial", ("Trial",), (Series("Trial", (1.0,)),)),)),
        Slide("Trial", (Grid(("Trial", "Trial"), (("Trial", "1"),), frozenset({1})),)),
    ),
    footer="Trial",
)


def checked(content: bytes) -> tuple[str, ...]:
    """The names of the two layouts that decks are made with: the cover's and the pages'. Refuses a file that is not fit."""
    _unpacked(content)
    made = powerpoint.opened(content)
    if not len(made.slide_masters):
        raise Invalid(
            "The template has no slide master. Save it from PowerPoint as a presentation or a template."
        )
    wide, tall = made.slide_width / powerpoint.POINT, made.slide_height / powerpoint.POINT
    if wide < LEAST_POINTS[0] or tall < LEAST_POINTS[1]:
        raise Invalid(
            "The template's slides are %(wide)s by %(tall)s points. A deck needs at least %(least_wide)s by %(least_tall)s.",
            wide=round(wide), tall=round(tall), least_wide=LEAST_POINTS[0], least_tall=LEAST_POINTS[1],
        )  # fmt: skip
    cover, page = powerpoint.layouts(made)
    try:
        drawn = powerpoint.pptx(TRIAL, template=content)
        powerpoint.opened(drawn)
    except Invalid:
        raise
    except Exception as broken:
        raise Invalid(
            "A trial deck could not be drawn on this template (%(kind)s). Save it anew from PowerPoint and try again.",
            kind=type(broken).__name__,
        ) from broken
    return (str(cover.name), str(page.name))


def _unpacked(content: bytes) -> None:
    """Refuse what is no presentation, what is too large once unpacked, and what carries programs."""
    if len(content) > MOST_BYTES:
        raise Invalid("The template is larger than %(most)s MB.", most=MOST_BYTES // 1024**2)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise Invalid("The template cannot be opened as a PowerPoint file (.pptx).") from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Invalid("The template is too large once it is unpacked. Remove pictures and videos from it.")
    names = {part.filename for part in parts}
    if MAIN not in names:
        raise Invalid("The file is no presentation: it has no %(part)s.", part=MAIN)
    if any(name.endswith(MACROS) for name in names):
        raise Invalid("The template carries macros. Save it as .pptx, without them.")
