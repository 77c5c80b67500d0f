"""What changed between two states of a scorecard, in words."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest

from keepwell.health import words
from keepwell.health.card import Card, Case, Part
from keepwell.health.formulas.scales import Scale
from keepwell.metrics.conditions.tree import Condition
from keepwell.metrics.conditions.words import words as in_words

MISSING = {
    "blind": "leaves the score blind",
    "red": "counts as at risk",
    "yellow": "counts as watch",
    "green": "counts as healthy",
    "leave_out": "is left out",
}


def between(before: Card, after: Card) -> tuple[str, ...]:
    """One line for each difference; empty when they judge alike."""
    return tuple(_lines(before, after))


def scale_words(scale: Scale, unit: str) -> str:
    """ "Healthy above 70 %, at risk under 50 %, watch between", or the slope before it."""
    return words.scale_words(
        {"green": str(scale.green or ""), "red": str(scale.red or ""), "slope": scale.written, "unit": unit}
    )


def for_whom(condition: Condition | None) -> str:
    """Whom a card is for."""
    return "every account" if condition is None else in_words(condition)


def case_words(case: Case, unit: str) -> str:
    """What differs under an exception, and when."""
    said = [] if case.applies else ["does not apply"]
    if case.weight is not None:
        said.append(f"weighs {case.weight:g}")
    if case.scale is not None:
        said.append(_lower(scale_words(case.scale, unit)))
    why = f" ({case.why})" if case.why else ""
    return f"{', '.join(said)} where {_lower(in_words(case.when))}{why}"


def _lines(before: Card, after: Card) -> Iterator[str]:
    if before.applies != after.applies:
        yield f"Judges {_lower(for_whom(after.applies))}; before {_lower(for_whom(before.applies))}"
    for band, one, other in (("Healthy", before.green, after.green), ("At risk", before.red, after.red)):
        if one != other:
            yield f"{band} {words.side(other)} points; before {words.side(one)}"
    if before.least_known_percent != after.least_known_percent:
        yield f"Told from {after.least_known_percent:g} % known; before {before.least_known_percent:g} %"
    yield from _groups(before, after)
    yield from _parts({part.measure: part for part in before.parts}, {p.measure: p for p in after.parts})


def _groups(before: Card, after: Card) -> Iterator[str]:
    old, new = ({group.slug: group for group in card.groups} for card in (before, after))
    for slug in [*old, *(slug for slug in new if slug not in old)]:
        if slug not in new:
            yield f"Group {old[slug].label}: taken out"
        elif slug not in old:
            yield f"Group {new[slug].label}: added, weight {new[slug].weight:g}"
        elif old[slug] != new[slug]:
            yield f"Group {new[slug].label}: weight {new[slug].weight:g}; before {old[slug].label} {old[slug].weight:g}"


def _parts(old: Mapping[str, Part], new: Mapping[str, Part]) -> Iterator[str]:
    for measure in [*old, *(measure for measure in new if measure not in old)]:
        if measure not in new:
            yield f"{old[measure].label}: taken out, it weighed {old[measure].weight:g}"
        elif measure not in old:
            part = new[measure]
            yield f"{part.label}: added, weight {part.weight:g}, {_lower(scale_words(part.scale, part.metric.unit))}"
        else:
            yield from (f"{new[measure].label}: {line}" for line in _part(old[measure], new[measure]))
    if [m for m in old if m in new] != [m for m in new if m in old]:
        yield "The measures stand in another order"


def _part(old: Part, new: Part) -> Iterator[str]:
    unit = new.metric.unit
    if old.label != new.label:
        yield f"was called {old.label}"
    if old.metric != new.metric:
        yield f"measured by {new.metric.title}; before by {old.metric.title}"
    if old.weight != new.weight:
        yield f"weight {old.weight:g} → {new.weight:g}"
    if old.group != new.group:
        yield f"in group {new.group or 'none'}; before in {old.group or 'none'}"
    if old.scale != new.scale:
        yield f"{_lower(scale_words(new.scale, unit))}; before {_lower(scale_words(old.scale, old.metric.unit))}"
    if old.missing != new.missing:
        yield f"unknown {MISSING[new.missing]}; before {MISSING[old.missing]}"
    if (old.since, old.stale_after_days) != (new.since, new.stale_after_days):
        yield f"{_staleness(new)}; before {_staleness(old)}"
    for one, other in zip_longest(old.cases, new.cases):
        if one != other:
            yield f"exception: {case_words(other, unit) if other else f'no longer {case_words(one, unit)}'}"


def _staleness(part: Part) -> str:
    return f"not trusted after {part.stale_after_days} days" if part.since else "trusted however old"


def _lower(said: str) -> str:
    return said if said[:2].isupper() else said[:1].lower() + said[1:]
