"""What changed between two states of a scorecard, in words."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest

from keepwell.health import words
from keepwell.health.card import Card, Case, Part
from keepwell.health.formulas.scales import Scale
from keepwell.kernel import speech
from keepwell.metrics.conditions.tree import Condition
from keepwell.metrics.conditions.words import words as in_words

MISSING = {
    "blind": speech.later("leaves the score blind"),
    "red": speech.later("counts as at risk"),
    "yellow": speech.later("counts as watch"),
    "green": speech.later("counts as healthy"),
    "leave_out": speech.later("is left out"),
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
    return speech.told("every account") if condition is None else in_words(condition)


def case_words(case: Case, unit: str) -> str:
    """What differs under an exception, and when."""
    said = [] if case.applies else [speech.told("does not apply")]
    if case.weight is not None:
        said.append(speech.told("weighs %(weight)s", weight=f"{case.weight:g}"))
    if case.scale is not None:
        said.append(_lower(scale_words(case.scale, unit)))
    why = f" ({case.why})" if case.why else ""
    return speech.told(
        "%(listed)s where %(lower)s%(why)s",
        listed=", ".join(said),
        lower=_lower(in_words(case.when)),
        why=why,
    )


def _lines(before: Card, after: Card) -> Iterator[str]:
    if before.applies != after.applies:
        yield speech.told(
            "Judges %(lower)s; before %(lower2)s",
            lower=_lower(for_whom(after.applies)),
            lower2=_lower(for_whom(before.applies)),
        )
    for band, one, other in (
        (speech.told("Healthy"), before.green, after.green),
        (speech.told("At risk"), before.red, after.red),
    ):
        if one != other:
            yield speech.told(
                "%(band)s %(side)s points; before %(side2)s",
                band=band,
                side=words.side(other),
                side2=words.side(one),
            )
    if before.least_known_percent != after.least_known_percent:
        yield speech.told(
            "Told from %(least_known_percent)s %% known; before %(least_known_percent2)s %%",
            least_known_percent=f"{after.least_known_percent:g}",
            least_known_percent2=f"{before.least_known_percent:g}",
        )
    yield from _groups(before, after)
    yield from _parts({part.measure: part for part in before.parts}, {p.measure: p for p in after.parts})


def _groups(before: Card, after: Card) -> Iterator[str]:
    old, new = ({group.slug: group for group in card.groups} for card in (before, after))
    for slug in [*old, *(slug for slug in new if slug not in old)]:
        if slug not in new:
            yield speech.told("Group %(label)s: taken out", label=old[slug].label)
        elif slug not in old:
            yield speech.told(
                "Group %(label)s: added, weight %(weight)s",
                label=new[slug].label,
                weight=f"{new[slug].weight:g}",
            )
        elif old[slug] != new[slug]:
            yield speech.told(
                "Group %(label)s: weight %(weight)s; before %(label2)s %(weight2)s",
                label=new[slug].label,
                weight=f"{new[slug].weight:g}",
                label2=old[slug].label,
                weight2=f"{old[slug].weight:g}",
            )


def _parts(old: Mapping[str, Part], new: Mapping[str, Part]) -> Iterator[str]:
    for measure in [*old, *(measure for measure in new if measure not in old)]:
        if measure not in new:
            yield speech.told(
                "%(label)s: taken out, it weighed %(weight)s",
                label=old[measure].label,
                weight=f"{old[measure].weight:g}",
            )
        elif measure not in old:
            part = new[measure]
            yield speech.told(
                "%(label)s: added, weight %(weight)s, %(lower)s",
                label=part.label,
                weight=f"{part.weight:g}",
                lower=_lower(scale_words(part.scale, part.metric.unit)),
            )
        else:
            yield from (f"{new[measure].label}: {line}" for line in _part(old[measure], new[measure]))
    if [m for m in old if m in new] != [m for m in new if m in old]:
        yield speech.told("The measures stand in another order")


def _part(old: Part, new: Part) -> Iterator[str]:
    unit = new.metric.unit
    if old.label != new.label:
        yield speech.told("was called %(label)s", label=old.label)
    if old.metric != new.metric:
        yield speech.told(
            "measured by %(title)s; before by %(title2)s", title=new.metric.title, title2=old.metric.title
        )
    if old.weight != new.weight:
        yield speech.told(
            "weight %(weight)s → %(weight2)s", weight=f"{old.weight:g}", weight2=f"{new.weight:g}"
        )
    if old.group != new.group:
        yield speech.told(
            "in group %(group)s; before in %(group2)s",
            group=new.group or speech.told("none"),
            group2=old.group or speech.told("none"),
        )
    if old.scale != new.scale:
        yield speech.told(
            "%(lower)s; before %(lower2)s",
            lower=_lower(scale_words(new.scale, unit)),
            lower2=_lower(scale_words(old.scale, old.metric.unit)),
        )
    if old.missing != new.missing:
        yield speech.told(
            "unknown %(missing)s; before %(missing2)s",
            missing=MISSING[new.missing],
            missing2=MISSING[old.missing],
        )
    if (old.since, old.stale_after_days) != (new.since, new.stale_after_days):
        yield speech.told(
            "%(staleness)s; before %(staleness2)s", staleness=_staleness(new), staleness2=_staleness(old)
        )
    for one, other in zip_longest(old.cases, new.cases):
        if one != other:
            yield speech.told(
                "exception: %(case)s" if other else "exception: no longer %(case)s",
                case=case_words(other or one, unit),
            )


def _staleness(part: Part) -> str:
    return (
        speech.told("not trusted after %(stale_after_days)s days", stale_after_days=part.stale_after_days)
        if part.since
        else speech.told("trusted however old")
    )


def _lower(said: str) -> str:
    return said if said[:2].isupper() else said[:1].lower() + said[1:]
