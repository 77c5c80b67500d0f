"""Where values lie, as a small histogram on the ground of the bands that judge them; written by hand like the sparkline."""

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT, GAP, LEAST = 240.0, 36.0, 1.0, 1.5


def spread(
    counts: Sequence[int],
    *,
    low: float,
    high: float,
    green: tuple[bool, float] | None,
    red: tuple[bool, float] | None,
    label: str,
) -> str:
    """SVG of counts in bins from low to high; `green` and `red` say whether they lie above a figure, and the figure."""
    most = max(counts, default=0)
    step = WIDTH / max(1, len(counts))
    grounds = "".join(_ground(band, side, low, high) for band, side in (("green", green), ("red", red)))
    bars = "".join(
        _bar(place * step, step - GAP, count / most) for place, count in enumerate(counts) if count
    )
    return (
        f'<svg class="spread" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}"><rect class="ground" width="{WIDTH:g}" height="{HEIGHT:g}"/>{grounds}{bars}</svg>'
    )


def _ground(band: str, side: tuple[bool, float] | None, low: float, high: float) -> str:
    if side is None:
        return ""
    above, figure = side
    at = WIDTH * min(1.0, max(0.0, (figure - low) / ((high - low) or 1.0)))
    x, width = (at, WIDTH - at) if above else (0.0, at)
    return f'<rect data-band="{band}" x="{x:.1f}" width="{width:.1f}" height="{HEIGHT:g}"/>'


def _bar(x: float, width: float, share: float) -> str:
    height = max(LEAST, (HEIGHT - 2) * share)
    return (
        f'<rect class="bar" x="{x:.1f}" y="{HEIGHT - height:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
    )
