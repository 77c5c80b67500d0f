"""Ranges of value by quarter: a bar from the low to the high, a line where it likely lies; by hand, beside its table."""

from collections.abc import Callable, Sequence
from html import escape
from typing import NamedTuple

WIDTH, ROW, NAMES, FIGURES = 720.0, 26.0, 86.0, 210.0


class Bar(NamedTuple):
    """A quarter: its range (None where it is not known), what is said of it, and whether the customer confirmed it."""

    name: str
    low: float | None
    likely: float | None
    high: float | None
    said: str
    is_confirmed: bool


def value_bars(bars: Sequence[Bar], *, told: str) -> str:
    """SVG, a row a quarter. Confirmed is filled with a tick beside it, not confirmed is a dashed outline; nothing for none."""
    if not bars:
        return ""
    known = [(bar.low, bar.high) for bar in bars if bar.low is not None and bar.high is not None]
    least = min([0.0, *(low for low, _ in known)])
    most = max([0.0, *(high for _, high in known)])
    size = (most - least) or 1.0

    def x(value: float) -> float:
        return NAMES + (value - least) / size * (WIDTH - NAMES - FIGURES)

    drawn = "".join(_row(bar, place * ROW, x) for place, bar in enumerate(bars))
    height = ROW * len(bars)
    return (
        f'<svg class="value-bars" viewBox="0 0 {WIDTH:g} {height:g}" role="img" aria-label="{escape(told)}">'
        f'<path class="zero" d="M{x(0.0):.1f} 0V{height:g}"/>{drawn}</svg>'
    )


def _row(bar: Bar, top: float, x: Callable[[float], float]) -> str:
    middle = top + ROW / 2
    name = f'<text class="name" x="0" y="{middle + 4:g}">{escape(bar.name)}</text>'
    sign = "\u2713 " if bar.is_confirmed else ""
    at = WIDTH - FIGURES + 12
    said = f'<text class="said" x="{at:g}" y="{middle + 4:g}">{sign}{escape(bar.said)}</text>'
    if bar.low is None or bar.high is None or bar.likely is None:
        return name + said
    left, right = x(bar.low), x(bar.high)
    kind = "confirmed" if bar.is_confirmed else "counted"
    return (
        f'{name}<rect data-kind="{kind}" x="{left:.1f}" y="{middle - 7:g}" width="{max(2.0, right - left):.1f}" height="14" '
        f'rx="3"/><path class="likely" d="M{x(bar.likely):.1f} {middle - 10:g}v20"/>{said}'
    )
