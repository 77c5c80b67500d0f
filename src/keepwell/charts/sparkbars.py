"""Daily counts as small bars for a table row; written by hand because Vega would cost more than the page."""

from collections.abc import Sequence
from html import escape
from statistics import median

from keepwell.kernel import speech
from keepwell.kernel.figures import whole

WIDTH, HEIGHT, GAP, LEAST = 112.0, 22.0, 1.0, 1.5
# A flood is cut off, so that it does not flatten all other days.
MOST_TIMES = 4


def sparkbars(counts: Sequence[int], *, label: str) -> str:
    """SVG of counts from zero, the latest last and strongest; a day without any is a dot on the ground.

    Counts over four times the median day are cut off there.
    """
    most = max(counts, default=0)
    some = [count for count in counts if count]
    full = min(most, MOST_TIMES * median(some)) if some else 0
    step = WIDTH / max(1, len(counts))
    bars = "".join(
        _bar(
            place * step,
            step - GAP,
            min(1.0, count / full) if count else 0.0,
            is_last=place == len(counts) - 1,
        )
        for place, count in enumerate(counts)
    )
    told = speech.told(
        "%(label)s: %(last)s of at most %(most)s a day" if most else "%(label)s: none",
        label=label,
        last=whole(counts[-1] if counts else 0),
        most=whole(most),
    )
    return (
        f'<svg class="sparkbars" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(told)}">'
        f"{bars}</svg>"
    )


def _bar(x: float, width: float, share: float, *, is_last: bool) -> str:
    height = max(LEAST, HEIGHT * share) if share else LEAST / 2
    mark = ' class="last"' if is_last else "" if share else ' class="nil"'
    return f'<rect{mark} x="{x:.1f}" y="{HEIGHT - height:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
