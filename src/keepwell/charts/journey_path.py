"""The phases of an account on a line of time, talks above, frictions below; by hand, for a page with the table below it."""

from collections.abc import Sequence
from datetime import date, timedelta
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT, EDGE, TOP, TALL = 720.0, 92.0, 6.0, 22.0, 30.0
LETTER = 5.4


class Leg(NamedTuple):
    """A phase: from a day until a day, what it is, its tone (past, now, over or untold), and by when it was to end."""

    since: date
    until: date
    title: str
    said: str
    tone: str
    expected: date | None


class Mark(NamedTuple):
    """A friction: its day, what it is, and whether it lasts."""

    on: date
    title: str
    lasts: bool


def journey_path(
    legs: Sequence[Leg], talks: Sequence[date], marks: Sequence[Mark], *, today: date, told: str
) -> str:
    """SVG from the first phase to the day that is seen; nothing without a phase."""
    if not legs:
        return ""
    first, last = legs[0].since, max(today, *(leg.until for leg in legs)) + timedelta(days=1)
    size = max(1, (last - first).days)

    def x(day: date) -> float:
        return EDGE + min(max(0, (day - first).days), size) / size * (WIDTH - 2 * EDGE)

    drawn = "".join(_leg(leg, x(leg.since), max(x(leg.until), x(leg.since) + 2)) for leg in legs)
    limits = "".join(
        f'<path class="limit" d="M{x(leg.expected):.1f} {TOP - 3:g}v{TALL + 6:g}"/>'
        for leg in legs
        if leg.expected is not None and leg.expected < leg.until
    )
    met = "".join(f"M{x(on):.1f} {TOP - 9:g}v5" for on in sorted(set(talks)) if first <= on <= last)
    below = "".join(
        f'<circle data-lasts="{"yes" if mark.lasts else "no"}" cx="{x(mark.on):.1f}" cy="{TOP + TALL + 10:g}" r="4">'
        f"<title>{escape(mark.title)}</title></circle>"
        for mark in marks
        if mark.on >= first
    )
    years = "".join(
        f'<text class="year" x="{x(date(year, 1, 1)):.1f}" y="{HEIGHT - 6:g}">{year}</text>'
        f'<path class="month" d="M{x(date(year, 1, 1)):.1f} {TOP + TALL:g}v18"/>'
        for year in range(first.year + 1, last.year + 1)
    )
    return (
        f'<svg class="journey-path" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(told)}">'
        f'{drawn}{limits}<path class="talks" d="{met or "M0 0"}"/>{years}{below}'
        f'<path class="today" d="M{x(today):.1f} {TOP - 6:g}v{TALL + 12:g}"/></svg>'
    )


def _leg(leg: Leg, left: float, right: float) -> str:
    wide = right - left
    fits = wide >= len(leg.title) * LETTER + 12
    label = f'<text x="{left + 8:.1f}" y="{TOP + TALL / 2 + 4:g}">{escape(leg.title)}</text>' if fits else ""
    return (
        f'<g data-tone="{escape(leg.tone)}"><title>{escape(leg.said)}</title>'
        f'<rect x="{left:.1f}" y="{TOP:g}" width="{max(2.0, wide - 2):.1f}" height="{TALL:g}" rx="4"/>{label}</g>'
    )
