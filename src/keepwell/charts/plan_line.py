"""The steps of a plan on one line of time; by hand, for a page that has the table below it."""

from collections.abc import Sequence
from datetime import date, timedelta
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT, EDGE = 720.0, 44.0, 10.0


class Dot(NamedTuple):
    """A step: its day, what it is, and its tone: good, bad, warn or unknown."""

    on: date
    title: str
    tone: str


def plan_line(dots: Sequence[Dot], *, today: date, told: str) -> str:
    """SVG from the first step or today to the last, with months marked and today as a line; nothing without a dated step."""
    if not dots:
        return ""
    first = min(today, *(dot.on for dot in dots)) - timedelta(days=3)
    last = max(today, *(dot.on for dot in dots)) + timedelta(days=3)
    size = (last - first).days

    def x(day: date) -> float:
        return EDGE + (day - first).days / size * (WIDTH - 2 * EDGE)

    months = "".join(f'<path class="month" d="M{x(day):.1f} 16v12"/>' for day in _months(first, last))
    marks = "".join(
        f'<circle data-tone="{escape(dot.tone)}" cx="{x(dot.on):.1f}" cy="22" r="5"><title>{escape(dot.title)}</title></circle>'
        for dot in sorted(dots)
    )
    return (
        f'<svg class="plan-line" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(told)}">'
        f'<path class="way" d="M{EDGE:g} 22H{WIDTH - EDGE:g}"/>{months}'
        f'<path class="today" d="M{x(today):.1f} 6v32"/>{marks}</svg>'
    )


def _months(first: date, last: date) -> list[date]:
    """The first days of months, or of quarters where there are many."""
    found, day = [], date(first.year, first.month, 1)
    while day <= last:
        if day > first:
            found.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return found if len(found) <= 18 else [day for day in found if day.month % 3 == 1]
