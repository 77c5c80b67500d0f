"""A scorecard's definition, read and checked. The editor, the API and the packs write this same form."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from keepwell.health.card import MISSING, Beside, Card, Case, Group, Part
from keepwell.health.formulas import scales, thresholds
from keepwell.health.formulas.scales import Scale
from keepwell.health.formulas.thresholds import Threshold
from keepwell.kernel import speech, tables
from keepwell.kernel.errors import Invalid, Refused
from keepwell.metrics.catalogue import METRICS, Metric
from keepwell.metrics.conditions.tree import Condition
from keepwell.metrics.conditions.vocabulary import Vocabulary
from keepwell.metrics.queries import catalogue
from keepwell.segments.queries import vocabulary

CARD_KEYS = ("least_known_percent", "bands", "applies", "groups", "parts")
ROUNDED = 0.1001  # three parts of 33.3 are a whole
GROUP_KEYS = ("group", "label", "weight")
SCALE_KEYS = ("green", "red", "slope")
PART_KEYS = (
    "measure", "metric", "label", "group", "weight", *SCALE_KEYS, "exceptions", "stale_after_days", "since",
    "missing", "beside", "source",
)  # fmt: skip
CASE_KEYS = ("when", "why", "does_not_apply", "weight", *SCALE_KEYS)
BESIDE_KEYS = ("label", "unit", "green", "red")
Edges = tuple[Threshold, Threshold]


def read(
    definition: Mapping[str, Any],
    words: Vocabulary | None = None,
    metrics: Mapping[str, Metric] = METRICS,
) -> Card:
    """The card that a definition states; refuses with the place and what is allowed there.

    Its conditions are read in the `words` given, else in those of accounts: a few queries, none without conditions. Its
    metrics are those given, and the ones that the company defined.
    """
    if words is None and asks(definition):
        words = vocabulary.accounts()
    known = _Known(words, metrics)
    tables.only(definition, CARD_KEYS, "the card")
    bands = definition.get("bands", {})
    tables.only(bands, ("green", "red"), "bands")
    edges = _thresholds(bands, "bands")
    if not edges[0].upward:
        raise Invalid('bands: green is "%(edges)s", but more points are better.', edges=edges[0])
    least = _number(definition, "least_known_percent", "the card", at_most=100)
    groups = tuple(_group(group, f"groups[{n}]") for n, group in enumerate(definition.get("groups", ())))
    rows = _list(definition, "parts", "the card")
    parts = tuple(_part(part, f"parts[{n}]", edges, groups, known) for n, part in enumerate(rows))
    parts, groups = _weighed(parts, groups)
    for name in ("measure", "label"):
        _distinct(
            [getattr(part, name) for part in parts],
            f"parts: {name}",
            speech.later("Each part needs its own."),
        )
    applies = _condition(definition["applies"], "applies", known.words) if "applies" in definition else None
    return Card(parts, groups, *edges, least, applies)


class _Known:
    """The words of conditions, and the metrics: those that the company defined are read once, and only when one is named."""

    def __init__(self, words: Vocabulary | None, metrics: Mapping[str, Metric]) -> None:
        self.words = words
        self._metrics = metrics

    def metric(self, slug: str) -> Metric:
        if slug not in self._metrics:
            self._metrics = {metric.slug: metric for metric in catalogue.answering()} | dict(self._metrics)
        if slug not in self._metrics:
            raise Invalid(
                '"%(slug)s" is no metric. Known: %(listed)s.', slug=slug, listed=", ".join(self._metrics)
            )
        return self._metrics[slug]


def asks(definition: Mapping[str, Any]) -> bool:
    """Whether a definition states any condition."""
    parts = definition.get("parts")
    rows = [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []
    return "applies" in definition or any("exceptions" in part for part in rows)


def _weighed(
    parts: tuple[Part, ...], groups: tuple[Group, ...]
) -> tuple[tuple[Part, ...], tuple[Group, ...]]:
    """Weights add up to 100: of the parts inside a group, and of the groups. What was lost by rounding is put back."""
    _distinct([group.slug for group in groups], "groups: group", speech.later("Each group needs its own."))
    whole = _whole([group.weight for group in groups], "groups") if groups else 1.0
    scaled = {}
    for slug in [group.slug for group in groups] or [""]:
        weights = [part.weight for part in parts if part.group == slug]
        if not weights:
            raise Invalid('groups: no part is in "%(slug)s". Put one in, or take the group out.', slug=slug)
        scaled[slug] = _whole(weights, f'parts in "{slug}"' if slug else "parts")
    return (
        tuple(_times(part, scaled[part.group]) for part in parts),
        tuple(replace(group, weight=group.weight * whole) for group in groups),
    )


def _whole(weights: list[float], where: str) -> float:
    """What each weight is multiplied by so that they are 100: 1, but for thirds that somebody rounded."""
    total = sum(weights)
    if abs(total - 100) > ROUNDED:
        raise Invalid(
            "%(where)s: the weights add up to %(total)s. They must add up to 100.",
            where=where,
            total=f"{total:g}",
        )
    return 1.0 if abs(total - 100) < 1e-9 else 100 / total


def _times(part: Part, by: float) -> Part:
    if by == 1.0:
        return part
    cases = [case if case.weight is None else replace(case, weight=case.weight * by) for case in part.cases]
    return replace(part, weight=part.weight * by, cases=tuple(cases))


def _distinct(names: list[str], where: str, advice: str) -> None:
    if twice := sorted({given for given in names if names.count(given) > 1}):
        raise Invalid(
            '%(where)s "%(twice)s" comes twice. %(advice)s', where=where, twice=twice[0], advice=advice
        )


def _group(given: Any, where: str) -> Group:
    tables.only(given, GROUP_KEYS, where)
    return Group(
        tables.text(given, "group", where),
        tables.text(given, "label", where),
        _number(given, "weight", where, at_most=100),
    )


def _part(given: Any, where: str, edges: Edges, groups: tuple[Group, ...], known: "_Known") -> Part:
    tables.only(given, PART_KEYS, where)
    metric = _metric(given, "metric", where, known)
    since, stale_after = _staleness(given, where, known)
    cases = tuple(
        _case(row, f"{where}.exceptions[{n}]", metric, edges, known.words)
        for n, row in enumerate(given.get("exceptions", ()))
    )
    return Part(
        measure=tables.text(given, "measure", where),
        metric=metric,
        label=tables.text(given, "label", where),
        weight=_number(given, "weight", where, at_most=100),
        scale=_scale(given, where, metric, edges),
        group=_in_group(given, where, groups),
        cases=cases,
        since=since,
        stale_after_days=stale_after,
        missing=_one_of(given, "missing", where, MISSING, "blind"),
        beside=tuple(_beside(row, f"{where}.beside[{n}]") for n, row in enumerate(given.get("beside", ()))),
        source=str(given.get("source", "")),
    )


def _in_group(given: Mapping[str, Any], where: str, groups: tuple[Group, ...]) -> str:
    known = [group.slug for group in groups]
    group = given.get("group", "")
    if (group or known) and group not in known:
        raise Invalid(
            '%(where)s: group "%(group)s" is not declared. Use one of %(known)s.'
            if known
            else '%(where)s: group "%(group)s" is not declared. Declare it under "groups", or leave it out.',
            where=where,
            group=group,
            known=", ".join(known),
        )
    return str(group)


def _case(given: Any, where: str, metric: Metric, edges: Edges, words: Vocabulary | None) -> Case:
    tables.only(given, CASE_KEYS, where)
    if "when" not in given:
        raise Invalid(
            '%(where)s: "when" is missing. State the condition under which it differs.', where=where
        )
    scale = _scale(given, where, metric, edges) if any(key in given for key in SCALE_KEYS) else None
    weight = _number(given, "weight", where, at_most=100) if "weight" in given else None
    applies = not given.get("does_not_apply", False)
    if applies == (scale is None and weight is None):
        raise Invalid(
            '%(where)s: state other thresholds, another weight, or "does_not_apply = true" alone.',
            where=where,
        )
    when = _condition(given["when"], f"{where}.when", words)
    return Case(when, applies, scale, weight, str(given.get("why", "")))


def _scale(given: Mapping[str, Any], where: str, metric: Metric, edges: Edges) -> Scale:
    if "slope" not in given:
        scale = Scale(*_thresholds(given, where))
    elif "green" in given or "red" in given:
        raise Invalid('%(where)s: state either "slope", or "green" and "red".', where=where)
    else:
        scale = _sloped(given["slope"], where, edges)
    if scale.upward != (metric.better == "up"):
        said = f'the slope is "{scale.written}"' if scale.slope else f'green is "{scale.green}"'
        raise Invalid(
            "%(where)s: %(said)s, but %(slug)s is better %(better)s.",
            where=where,
            said=said,
            slug=metric.slug,
            better=metric.better,
        )
    return scale


def _sloped(given: Any, where: str, edges: Edges) -> Scale:
    pairs = given if isinstance(given, list) else []
    numbers = [n for pair in pairs for n in (pair if isinstance(pair, list) and len(pair) == 2 else [None])]
    if not numbers or any(isinstance(n, bool) or not isinstance(n, int | float) for n in numbers):
        raise Invalid(
            "%(where)s.slope: state pairs of a figure and its points, such as [[0, 0], [80, 100]].",
            where=where,
        )
    try:
        return scales.sloped(pairs, edges=edges)
    except Refused as refused:
        raise Invalid("%(where)s.slope: %(refused)s", where=where, refused=str(refused)) from None


def _staleness(given: Mapping[str, Any], where: str, known: "_Known") -> tuple[Metric | None, int | None]:
    """Which metric says how old an input is, and from how many days on it is not trusted."""
    if ("since" in given) != ("stale_after_days" in given):
        raise Invalid('%(where)s: "stale_after_days" and "since" go together.', where=where)
    if "since" not in given:
        return None, None
    since, days = _metric(given, "since", where, known), given["stale_after_days"]
    if since.unit != "days":
        raise Invalid(
            "%(where)s.since: %(slug)s is counted in %(unit)s; it must be counted in days.",
            where=where,
            slug=since.slug,
            unit=since.unit,
        )
    if isinstance(days, bool) or not isinstance(days, int) or days < 1:
        raise Invalid(
            '%(where)s: "stale_after_days" must be a whole number of days above 0, not %(days)s.',
            where=where,
            days=repr(days),
        )
    return since, days


def _metric(given: Mapping[str, Any], name: str, where: str, known: "_Known") -> Metric:
    try:
        return known.metric(tables.text(given, name, where))
    except Refused as refused:
        raise Invalid(
            "%(where)s.%(name)s: %(refused)s", where=where, name=name, refused=str(refused)
        ) from None


def _condition(given: Any, where: str, words: Vocabulary | None) -> Condition:
    try:
        return vocabulary.read(given, words)
    except Refused as refused:
        raise Invalid("%(where)s: %(refused)s", where=where, refused=str(refused)) from None


def _beside(given: Any, where: str) -> Beside:
    tables.only(given, BESIDE_KEYS, where)
    return Beside(tables.text(given, "label", where), str(given.get("unit", "")), *_thresholds(given, where))


def _thresholds(given: Mapping[str, Any], where: str) -> Edges:
    read_ = []
    for band in ("green", "red"):
        if band not in given:
            raise Invalid(
                '%(where)s: "%(band)s" is missing. State it as a threshold such as "> 70".',
                where=where,
                band=band,
            )
        try:
            read_.append(thresholds.parse(given[band]))
        except Refused as refused:
            raise Invalid(
                "%(where)s.%(band)s: %(refused)s", where=where, band=band, refused=str(refused)
            ) from None
    try:
        return thresholds.paired(*read_)
    except Refused as refused:
        raise Invalid("%(where)s: %(refused)s", where=where, refused=str(refused)) from None


def _list(given: Mapping[str, Any], name: str, where: str) -> list[Any]:
    found = given.get(name)
    if not isinstance(found, list) or not found:
        raise Invalid('%(where)s: "%(name)s" must be a list with at least one entry.', where=where, name=name)
    return found


def _one_of(given: Mapping[str, Any], name: str, where: str, allowed: tuple[str, ...], usual: str) -> str:
    found = given.get(name, usual)
    if found not in allowed:
        raise Invalid(
            '%(where)s: "%(name)s" is one of %(listed)s, not %(found)s.',
            where=where,
            name=name,
            listed=", ".join(allowed),
            found=repr(found),
        )
    return str(found)


def _number(given: Mapping[str, Any], name: str, where: str, *, at_most: float) -> float:
    found = given.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 < found <= at_most:
        raise Invalid(
            '%(where)s: "%(name)s" must be a number above 0, %(at_most)s at most, not %(found)s.',
            where=where,
            name=name,
            at_most=f"{at_most:g}",
            found=repr(found),
        )
    return float(found)
