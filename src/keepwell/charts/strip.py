"""Where one value lies among many: a strip with the middle half, the median and a dot; by hand, for a table row."""

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT, EDGE = 140.0, 18.0, 5.0


def strip(
    spread: Sequence[float],
    value: float | None = None,
    *,
    told: str,
    reach: tuple[float, float] | None = None,
) -> str:
    """SVG over the 10, 25, 50, 75 and 90 % points of the others, with a dot for `value`; what lies beyond is at the edge.

    `reach` is what the whole width stands for, so that several strips can be compared; else it is what they hold.
    """
    low, q1, middle, q3, high = spread
    start, end = reach or (
        min(low, low if value is None else value),
        max(high, high if value is None else value),
    )
    size = (end - start) or 1.0

    def x(at: float) -> float:
        return EDGE + (at - start) / size * (WIDTH - 2 * EDGE)

    y = HEIGHT / 2
    dot = "" if value is None else f'<circle cx="{x(value):.1f}" cy="{y:g}" r="4"/>'
    return (
        f'<svg class="strip" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(told)}">'
        f'<path class="reach" d="M{x(low):.1f} {y:g}H{x(high):.1f}"/>'
        f'<rect class="half" x="{x(q1):.1f}" y="{y - 4:g}" width="{max(1.0, x(q3) - x(q1)):.1f}" height="8" rx="2"/>'
        f'<path class="middle" d="M{x(middle):.1f} {y - 6:g}V{y + 6:g}"/>{dot}</svg>'
    )
