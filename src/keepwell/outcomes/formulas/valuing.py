"""What an outcome was worth: a product of inputs, each less its baseline where the model says so. Pure.

The value of a period is the product of its inputs. An input that counts as a change is what it rose above, or fell below, the
baseline that was agreed before (the counterfactual: what would be without the change), never the whole of it. That is a
comparison, not a proof that the product caused it. An input that is not known makes the value unknown, and is named; it is
never taken as zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from keepwell.kernel import speech
from keepwell.outcomes.formulas import ranges
from keepwell.outcomes.formulas.ranges import Range

# Why an input is not known, by what is stored of it.
MISSING = {
    "no_figure": speech.later("no figure is given"),
    "not_agreed": speech.later("nobody of the customer’s agreed to it"),
    "no_baseline": speech.later("its baseline is not agreed"),
    "not_measured": speech.later("it was not measured in this quarter"),
    "too_few_weeks": speech.later("fewer than half of the weeks are known"),
}


@dataclass(frozen=True)
class Factor:
    """An input as it is known for a period; `missing` says why it is not."""

    slug: str
    figure: Range | None
    change: str = ""
    baseline: Range | None = None
    missing: str = ""


@dataclass(frozen=True)
class Valued:
    """The value, or the inputs that are missing with the reason of each."""

    range: Range | None
    missing: tuple[tuple[str, str], ...]


def value(factors: Sequence[Factor]) -> Valued:
    """What the product comes to. The bounds are those of interval arithmetic (`ranges.times`, `ranges.minus`)."""
    parts: list[Range] = []
    missing: list[tuple[str, str]] = []
    for one in factors:
        part, reason = counted(one)
        if part is None:
            missing.append((one.slug, reason))
        else:
            parts.append(part)
    if missing or not factors:
        return Valued(None, tuple(missing))
    return Valued(ranges.product(parts), ())


def counted(one: Factor) -> tuple[Range | None, str]:
    """What of an input counts, or why that is not known."""
    if one.figure is None or one.missing:
        return None, one.missing or "no_figure"
    if not one.change:
        return one.figure, ""
    if one.baseline is None:
        return None, "no_baseline"
    if one.change == "rise":
        return ranges.minus(one.figure, one.baseline), ""
    return ranges.minus(one.baseline, one.figure), ""
