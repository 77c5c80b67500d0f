"""A line of thirteen weeks for a table row; written by hand because Vega would cost more than the page."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from keepwell.kernel import speech

WIDTH, HEIGHT, EDGE = 92.0, 22.0, 2.5
LEAST_SPAN = 50.0


def sparkline(points: Sequence[float | None], *, band: str, label: str, is_score: bool = True) -> str:
    """SVG of a short history; weeks without an answer are left open and bridged by dots.

    Of scores, which lie between 0 and 100, the height spans at least fifty points; of other values at least half
    of the largest: so a small wobble looks small in every row.
    """
    known = [(index, value) for index, value in enumerate(points) if value is not None]
    if not known:
        return f'{_open(band, speech.told("%(label)s: no history", label=label))}"></svg>'
    low, high = (_of_scores if is_score else _of_values)([value for _, value in known])
    step = (WIDTH - 2 * EDGE) / max(1, len(points) - 1)
    dots = [(i, EDGE + i * step, EDGE + (high - v) / (high - low) * (HEIGHT - 2 * EDGE)) for i, v in known]
    told = _told(label, [value for _, value in known])
    x, y = dots[-1][1:]
    return (
        f'{_open(band, told)}">{_gaps(dots)}<path d="{_line(dots)}"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"/></svg>'
    )


def _open(band: str, told: str) -> str:
    box = f"0 0 {WIDTH:g} {HEIGHT:g}"
    return (
        f'<svg class="spark" data-band="{escape(band)}" viewBox="{box}" role="img" aria-label="{escape(told)}'
    )


def _of_scores(values: Sequence[float]) -> tuple[float, float]:
    low, high = _widened(values, LEAST_SPAN)
    shift = max(0.0, -low) - max(0.0, high - 100.0)
    return low + shift, high + shift


def _of_values(values: Sequence[float]) -> tuple[float, float]:
    return _widened(values, max(map(abs, values)) / 2 or 1.0)


def _widened(values: Sequence[float], least: float) -> tuple[float, float]:
    low, high = min(values), max(values)
    spare = max(0.0, least - (high - low)) / 2
    return low - spare, high + spare


def _told(label: str, values: Sequence[float]) -> str:
    first, last = (f"{value:.3g}" if abs(value) < 10 else f"{value:.0f}" for value in (values[0], values[-1]))
    return speech.told(
        "%(label)s: steady at %(last)s" if first == last else "%(label)s: from %(first)s to %(last)s",
        label=label,
        first=first,
        last=last,
    )


def _line(dots: Sequence[tuple[int, float, float]]) -> str:
    text, before = [], None
    for index, x, y in dots:
        text.append(f"{'L' if before == index - 1 else 'M'}{x:.1f} {y:.1f}")
        before = index
    return "".join(text)


def _gaps(dots: Sequence[tuple[int, float, float]]) -> str:
    bridges = [
        f"M{ax:.1f} {ay:.1f}L{bx:.1f} {by:.1f}" for (a, ax, ay), (b, bx, by) in pairwise(dots) if b > a + 1
    ]
    return f'<path class="gap" d="{"".join(bridges)}"/>' if bridges else ""
