"""The components that stand in every row of a table, as HTML: drawn by functions, for a template a cell would cost a page.

What is given is escaped here; templates reach them through the tags of the same names.
"""

from collections.abc import Iterable, Sequence
from html import escape

from keepwell.charts.sparkline import sparkline
from keepwell.faces.components import words
from keepwell.faces.components.bands import band as band_of
from keepwell.faces.components.icons import ICONS
from keepwell.faces.components.marks import DayMark, Delta, Option, ScoreMark
from keepwell.kernel import speech

NOBODY = '<span class="person" data-nobody><span class="initials" aria-hidden="true"></span><span class="who">{}</span></span>'


def faint(text: str) -> str:
    """What stands where nothing is known."""
    return f'<span class="faint">{escape(text)}</span>'


def icon(name: str) -> str:
    """A line icon; hidden from screen readers because the word beside it says the same."""
    return f'<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">{ICONS[name]}</svg>'


def shape(slug: str) -> str:
    """A band's shape alone, where its word stands elsewhere."""
    drawn = band_of(slug)
    return (
        f'<svg class="shape" data-band="{drawn.slug}" viewBox="0 0 12 12" aria-hidden="true">'
        f'<path d="{drawn.shape}"/></svg>'
    )


def band(slug: str, *, chip: bool = False) -> str:
    """A band as shape and word; as a chip it has its quiet ground."""
    said = band_of(slug)
    css = "band chip" if chip else "band"
    return f'<span class="{css}" data-band="{said.slug}">{shape(slug)}<span class="word">{speech.told(said.word)}</span></span>'


def score(mark: ScoreMark, *, size: str = "") -> str:
    """Points, shape, word, and how much is known where that is not all."""
    large = f' data-size="{escape(size)}"' if size else ""
    return (
        f'<span class="score band" data-band="{mark.band.slug}"{large}><span class="points">{mark.points}</span>'
        f'{shape(mark.band.slug)}<span class="word">{speech.told(mark.band.word)}</span>'
        f"{known(mark.known, mark.reach) if mark.is_partial else ''}</span>"
    )


def known(percent: int, reach: str = "") -> str:
    """How much of the card's weight is known."""
    parts = {"percent": percent, "reach": escape(reach)}
    hint, more = "", ""
    if reach:
        told = (
            speech.told("%(percent)s %% of the weight is known. With the rest it could be %(reach)s.") % parts
        )
        hint, more = f' title="{told}"', speech.told(", could be %(reach)s") % parts
    return (
        f'<span class="known"{hint}><svg viewBox="0 0 12 12" aria-hidden="true"><circle cx="6" cy="6" r="4.5"/>'
        f'<circle class="part" cx="6" cy="6" r="4.5" stroke-dasharray="{percent * 0.2827:.2f} 28.27"/></svg>'
        f'<span class="percent">{percent}&nbsp;%</span><span class="reader"> {speech.told("known")}{more}</span></span>'
    )


def spark(points: Sequence[float | None], slug: str, label: str = "") -> str:
    """Thirteen weeks in a line: of health, or of whatever the label names."""
    return sparkline(points, band=band_of(slug).slug, label=label or "Health", is_score=not label)


def delta(mark: Delta | None) -> str:
    """A change with its reason."""
    if not mark:
        return faint("–")
    why = escape(mark.why)
    reason = f'<span class="why" title="{why}">{why}</span>' if why else ""
    return f'<span class="delta" data-sign="{mark.sign}"><span class="by">{mark.by}</span>{reason}</span>'


def day(mark: DayMark | None, *, nil: str = "–", brief: bool = False) -> str:
    """A day, relative and absolute; in brief, its date shows on hover."""
    if not mark:
        return faint(nil)
    if brief:
        return f'<time datetime="{mark.iso}" class="num" title="{mark.day}">{mark.away}</time>'
    return (
        f'<time datetime="{mark.iso}" class="num">{mark.away} <span class="faint">· {mark.day}</span></time>'
    )


def person(name: str, *, nobody: str = "", brief: bool = False) -> str:
    """Initials and a name, in brief the first name; nobody is drawn as a gap."""
    if not name:
        return NOBODY.format(escape(nobody or speech.told("Nobody")))
    called = name.split(maxsplit=1)[0] if brief else name
    whole = f' title="{escape(name)}"' if called != name else ""
    return (
        f'<span class="person"{whole}><span class="initials" aria-hidden="true">{escape(words.initials(name))}</span>'
        f'<bdi class="who">{escape(called)}</bdi></span>'
    )


def options(choices: Iterable[Option]) -> str:
    """The choices of a list."""
    return "".join(
        f'<option value="{escape(str(one.value))}"{" selected" if one.is_chosen else ""}>{escape(str(one.title))}</option>'
        for one in choices
    )


def grouped_options(groups: Iterable[tuple[str, Iterable[Option]]]) -> str:
    """The choices of a list under their heads."""
    return "".join(
        f'<optgroup label="{escape(str(title))}">{options(choices)}</optgroup>' for title, choices in groups
    )
