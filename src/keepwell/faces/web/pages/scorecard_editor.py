"""What the editor of a scorecard shows: the form, its sums, where the present values lie, and what is not right yet."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from keepwell.charts.spread import spread
from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.faces.web.pages import conditions
from keepwell.faces.web.pages.conditions import Editor, Node
from keepwell.faces.web.pages.scorecard_forms import (
    EFFECTS,
    SIGNS,
    Case,
    Group,
    Part,
    Scaled,
    Typed,
    case_path,
)
from keepwell.faces.web.pages.scorecard_forms import number as figure
from keepwell.health.cards import ROUNDED
from keepwell.health.queries.audience import Distribution
from keepwell.kernel import speech
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.queries.spreads import SAMPLED

MISSING = (
    ("blind", speech.later("widens the range of the score")),
    ("red", speech.later("counts as at risk")),
    ("yellow", speech.later("counts as watch")),
    ("green", speech.later("counts as healthy")),
    ("leave_out", speech.later("is left out, the others weigh more")),
)
KINDS = (("bands", speech.later("Thresholds")), ("slope", speech.later("Slope")))


@dataclass(frozen=True)
class CaseRow:
    """An exception in the form."""

    place: str
    case: Case
    node: Node
    effects: tuple[Option, ...]
    drop: str


@dataclass(frozen=True)
class PartRow:
    """A measure in the form; `spread` shows where its present values lie, `about` says so in words."""

    n: int
    part: Part
    title: str
    metrics: tuple[Option, ...]
    ages: tuple[Option, ...]
    missing: tuple[Option, ...]
    groups: tuple[Option, ...]
    kinds: tuple[Option, ...]
    unit: str
    better: str
    spread: SafeString
    about: str
    share: float
    cases: tuple[CaseRow, ...]


@dataclass(frozen=True)
class Sum:
    """What weights add up to, in words; `is_whole` when that is 100."""

    said: str
    is_whole: bool


@dataclass(frozen=True)
class EditorPage:
    """The whole editor; `problem` is what keeps the card from being saved, `refused` what kept it just now."""

    here: str
    back: str
    is_new: bool
    typed: Typed
    node: Node | None
    groups: tuple[tuple[int, Group], ...]
    sums: tuple[Sum, ...]
    parts: tuple[PartRow, ...]
    problem: str
    refused: str
    toml: str
    signs: tuple[tuple[str, str], ...] = SIGNS


def page(
    typed: Typed,
    *,
    here: str,
    back: str,
    is_new: bool,
    metrics: Sequence[Metric],
    editor: Editor,
    spreads: Mapping[str, Distribution],
    problem: str = "",
    refused: str = "",
    toml: str = "",
) -> EditorPage:
    """The form with everything around it."""
    known = {metric.slug: metric for metric in metrics}
    return EditorPage(
        here=here,
        back=back,
        is_new=is_new,
        typed=typed,
        node=None if typed.applies is None else editor.node(typed.applies),
        groups=tuple(enumerate(typed.groups)),
        sums=_sums(typed),
        parts=tuple(_part(n, part, typed, known, editor, spreads) for n, part in enumerate(typed.parts)),
        problem=_named(problem, typed),
        refused=_named(refused, typed),
        toml=toml,
    )


def _sums(typed: Typed) -> tuple[Sum, ...]:
    """What the weights add up to: inside each group, and over the groups."""
    if not typed.groups:
        return (_sum(speech.told("The weights"), [part.weight for part in typed.parts]),)
    inside = [
        _sum(
            speech.told("In %(label)s the weights", label=group.label or speech.told("the unnamed group")),
            [p.weight for p in typed.parts if p.group == group.slug],
        )
        for group in typed.groups
    ]
    return (_sum(speech.told("The groups’ weights"), [group.weight for group in typed.groups]), *inside)


def _sum(what: str, weights: Sequence[str]) -> Sum:
    numbers = [value for value in map(figure, weights) if isinstance(value, int | float)]
    left = 100 - sum(numbers)
    if abs(left) <= ROUNDED:
        return Sum(speech.told("%(what)s add up to 100.", what=what), is_whole=True)
    rest = (
        speech.told("%(left)s are left", left=words.plain(left))
        if left > 0
        else speech.told("%(left)s are too many", left=words.plain(-left))
    )
    return Sum(
        speech.told(
            "%(what)s add up to %(sum)s: %(rest)s.", what=what, sum=words.plain(sum(numbers)), rest=rest
        ),
        is_whole=False,
    )


def _named(said: str, typed: Typed) -> str:
    """A refusal with the measure's own name instead of its place, in plain words."""

    def name(found: re.Match[str]) -> str:
        n = int(found[1])
        label = typed.parts[n].label if n < len(typed.parts) else ""
        case = speech.told(", exception %(int)s", int=int(found[2]) + 1) if found[2] else ""
        return (f"“{label}”" if label else speech.told("Measure %(n)s", n=n + 1)) + case

    return re.sub(r"parts\[(\d+)\](?:\.exceptions\[(\d+)\])?(?:\.\w+)?", name, conditions.plainly(said))


def _part(
    n: int,
    part: Part,
    typed: Typed,
    known: Mapping[str, Metric],
    editor: Editor,
    spreads: Mapping[str, Distribution],
) -> PartRow:
    metric = known.get(part.metric)
    lies = spreads.get(part.metric)
    weight = figure(part.weight)
    return PartRow(
        n=n,
        part=part,
        title=part.label or (metric.title if metric else speech.told("Measure %(n)s", n=n + 1)),
        metrics=tuple(Option(m.slug, _titled(m), m.slug == part.metric) for m in known.values()),
        ages=tuple(Option(m.slug, m.title, m.slug == part.since) for m in known.values() if m.unit == "days"),
        missing=tuple(Option(slug, title, slug == part.missing) for slug, title in MISSING),
        groups=tuple(
            Option(group.slug, group.label or group.slug, group.slug == part.group) for group in typed.groups
        ),
        kinds=tuple(Option(slug, title, slug == part.scale.kind) for slug, title in KINDS),
        unit=metric.unit if metric else "",
        better=""
        if metric is None
        else speech.told("more is better")
        if metric.better == "up"
        else speech.told("less is better"),
        spread=_spread(part, lies),
        about=_about(metric, lies),
        share=float(weight) if isinstance(weight, int | float) else 0.0,
        cases=tuple(_case(n, m, case, editor) for m, case in enumerate(part.cases)),
    )


def _titled(metric: Metric) -> str:
    """A metric with its unit, where its title does not say it."""
    return metric.title if metric.unit.lower() in metric.title.lower() else f"{metric.title} ({metric.unit})"


def _case(n: int, m: int, case: Case, editor: Editor) -> CaseRow:
    path = case_path(n, m)
    effects = tuple(Option(slug, title, slug == case.effect) for slug, title in EFFECTS)
    return CaseRow(f"p{n}-c{m}", case, editor.node(case.when, path), effects, f"remove:{path}")


def _about(metric: Metric | None, lies: Distribution | None) -> str:
    if metric is None:
        return speech.told("Choose what is measured.")
    if lies is None:
        return speech.told("%(sentence)s It is not known of any customer yet.", sentence=metric.sentence)
    low, high = (words.number(value, metric.unit) for value in (lies.low, lies.high))
    if lies.asked >= SAMPLED:
        return speech.told(
            "%(sentence)s Known of %(share)s of the customers, from %(low)s to %(high)s.",
            sentence=metric.sentence,
            share=words.percent(100 * lies.known / lies.asked),
            low=low,
            high=high,
        )
    return speech.told(
        "%(sentence)s Known of %(customers)s, from %(low)s to %(high)s.",
        sentence=metric.sentence,
        customers=words.count(lies.known, "customer"),
        low=low,
        high=high,
    )


def _spread(part: Part, lies: Distribution | None) -> SafeString:
    if lies is None:
        return SafeString()
    green, red = _sides(part.scale)
    label = speech.told(
        "%(label)s: values from %(low)s to %(high)s",
        label=part.label,
        low=words.plain(lies.low),
        high=words.plain(lies.high),
    )
    drawing = spread(lies.counts, low=lies.low, high=lies.high, green=green, red=red, label=label)
    return mark_safe(drawing)  # noqa: S308 escaped by the chart


def _sides(scale: Scaled) -> tuple[tuple[bool, float] | None, tuple[bool, float] | None]:
    if scale.kind == "slope":
        return None, None
    return _side(scale.green_sign, scale.green), _side(scale.red_sign, scale.red)


def _side(sign: str, typed: str) -> tuple[bool, float] | None:
    value = figure(typed)
    return (sign.startswith(">"), float(value)) if isinstance(value, int | float) else None
