"""What the editor of a measure shows: the form, what it would say today, and the same as TOML."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from keepwell.charts.spread import spread as drawn
from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.faces.web.pages import conditions
from keepwell.faces.web.pages.conditions import Node
from keepwell.faces.web.pages.measure_forms import (
    FIGURES,
    ROOT,
    Measured,
    Selection,
    Typed,
    condition_path,
    fields,
)
from keepwell.faces.web.pages.measures import TITLES
from keepwell.kernel import speech
from keepwell.ledger.catalogue import HIERARCHIES
from keepwell.ledger.queries.hierarchy import DEFAULT
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.conditions.vocabulary import EVENTS
from keepwell.metrics.declaring import FORMS
from keepwell.metrics.queries.spreads import Spread, Standing

TAKES = (
    (speech.later("Of events"), ("count", "sum", "mean", "last", "since", "first", "streak")),
    (speech.later("Distinct"), ("people", "features", "days", "person_days")),
    (speech.later("Of people"), ("net_promoter", "standing")),
    (speech.later("Of things that open and close"), ("open", "oldest_open", "overdue")),
    (speech.later("Of the account"), ("tenure", "seats", "arr", "contract_days_left", "core_share")),
    (speech.later("Of other measures"), ("ratio", "less", "change")),
)
TAKEN = {
    "count": speech.later("Count"),
    "sum": speech.later("Sum of the values"),
    "mean": speech.later("Mean of the values"),
    "last": speech.later("Last value"),
    "since": speech.later("Days since the last"),
    "first": speech.later("Days from the first day to the first"),
    "streak": speech.later("Spans in a row"),
    "people": speech.later("People"),
    "features": speech.later("Features"),
    "days": speech.later("Days"),
    "person_days": speech.later("Days of each person"),
    "net_promoter": speech.later("Net promoter score"),
    "standing": speech.later("How many people’s last event says"),
    "open": speech.later("How many are open"),
    "oldest_open": speech.later("Days since the oldest open one"),
    "overdue": speech.later("How many are overdue"),
    "tenure": speech.later("Days since the first day"),
    "seats": speech.later("Seats"),
    "arr": "ARR",
    "contract_days_left": speech.later("Days to contract’s end"),
    "core_share": speech.later("Share of core features"),
    "ratio": speech.later("One by another: share, per seat, per person"),
    "less": speech.later("One less another"),
    "change": speech.later("Trend: change in percent"),
}
ASKED = {
    "days": (speech.later("In the last"), speech.later("days")),
    "per_days": (speech.later("Brought to"), speech.later("days")),
    "step_days": (speech.later("Spans of"), speech.later("days")),
    "times": (speech.later("Times"), ""),
    "key": (speech.later("Told apart by the property"), ""),
    "ago": (speech.later("As it was"), speech.later("days before")),
}
NAMED = {
    "events": speech.later("Events"),
    "opened": speech.later("What opens"),
    "closed": speech.later("What closes"),
    "where": speech.later("Which says"),
}
PLACED = {"of": speech.later("Of"), "to": speech.later("By"), "less": speech.later("Less")}
ANSWERS = {
    "": speech.later("itself alone"),
    "sum": speech.later("the sum with all below"),
    "arr_weighted": speech.later("the mean by ARR with all below"),
    "worst": speech.later("the worst of it and all below"),
}
FEW = 5


@dataclass(frozen=True)
class Control:
    """A figure in the form."""

    name: str
    label: str
    value: str
    unit: str
    is_needed: bool


@dataclass(frozen=True)
class SelectionNode:
    """A selection of events in the form; `node` is its condition, `is_asked` whether that asks anything."""

    path: str
    title: str
    selection: Selection
    kinds: tuple[Option, ...]
    node: Node


@dataclass(frozen=True)
class MeasureNode:
    """A measure in the form, with those inside it."""

    path: str
    title: str
    take: str
    takes: tuple[tuple[str, tuple[Option, ...]], ...]
    controls: tuple[Control, ...]
    selections: tuple[SelectionNode, ...]
    node: Node | None
    parts: tuple["MeasureNode", ...]


@dataclass(frozen=True)
class LiveRow:
    """An account in the preview."""

    name: str
    href: str
    value: str


@dataclass(frozen=True)
class Live:
    """What the measure would say today, beside the form; `lacks` is what nobody typed yet, `problem` what is wrong.

    `awaits`: the page asks for it by itself.
    """

    words: str = ""
    known: str = ""
    unknown: str = ""
    middle: str = ""
    spread: SafeString = field(default_factory=SafeString)
    some: tuple[LiveRow, ...] = ()
    problem: str = ""
    lacks: str = ""
    awaits: bool = False


@dataclass(frozen=True)
class EditorPage:
    """The form of a measure; `slug` is empty while it has none."""

    slug: str
    typed: Typed
    measure: MeasureNode
    betters: tuple[Option, ...]
    groups: tuple[Option, ...]
    hows: tuple[Option, ...]
    kinds: tuple[Option, ...]
    facts: tuple[str, ...]
    names: tuple[str, ...]
    live: Live
    toml: str
    refused: str = ""
    toml_refused: str = ""

    @property
    def action(self) -> str:
        """Where the form goes."""
        return reverse("measure-edit", args=(self.slug,)) if self.slug else reverse("measure-new")


def page(
    slug: str,
    typed: Typed,
    live: Live,
    *,
    facts: Sequence[str],
    names: Sequence[str],
    toml: str,
    refused: str = "",
    toml_refused: str = "",
) -> EditorPage:
    """The form with everything around it."""
    return EditorPage(
        slug,
        typed,
        node(typed.measure),
        tuple(
            Option(value, title, value == typed.better)
            for value, title in (
                ("up", speech.told("more is better")),
                ("down", speech.told("less is better")),
            )
        ),
        tuple(Option(group, title, group == typed.group) for group, title in TITLES.items()),
        tuple(Option(how, title, how == typed.rollup_how) for how, title in ANSWERS.items()),
        tuple(
            Option(kind, title.lower(), kind == (typed.rollup_kind or DEFAULT))
            for kind, title in HIERARCHIES.items()
        ),
        tuple(facts),
        tuple(names),
        live,
        toml,
        refused,
        toml_refused,
    )


def node(measure: Measured, path: str = ROOT, title: str = "") -> MeasureNode:
    """A measure as the form shows it."""
    editor = conditions.Editor.of(EVENTS)
    needs = FORMS[measure.take].needs if measure.take in FORMS else ()
    asked = fields(measure.take)
    return MeasureNode(
        path,
        title,
        measure.take,
        tuple(
            (head, tuple(Option(take, TAKEN[take], take == measure.take) for take in takes))
            for head, takes in TAKES
        ),
        tuple(
            Control(name, ASKED[name][0], measure.figures.get(name, ""), ASKED[name][1], name in needs)
            for name in FIGURES
            if name in asked
        ),
        tuple(
            _selection(editor, measure.selections.get(name, Selection()), f"{path}.{name}", NAMED[name])
            for name in ("events", "opened", "closed")
            if name in asked
        ),
        editor.node(measure.where, condition_path(f"{path}.where")) if "where" in asked else None,
        tuple(node(part, f"{path}.{name}", PLACED[name]) for name, part in measure.parts.items()),
    )


def _selection(editor: conditions.Editor, selection: Selection, path: str, title: str) -> SelectionNode:
    return SelectionNode(
        path,
        title,
        selection,
        tuple(
            Option(kind, said, kind == selection.kind)
            for kind, said in (
                ("usage", speech.told("use of the product")),
                ("fact", speech.told("business facts")),
            )
        ),
        editor.node(selection.where, condition_path(path)),
    )


def live(metric: Metric, found: Sequence[Standing], spread: Spread) -> Live:
    """What it would say today, and of whom: the accounts where it is best."""
    unknown = spread.accounts - spread.known
    known = [row for row in found if row.value is not None]
    return Live(
        words=metric.words,
        known=words.count(spread.known, "customer"),
        unknown=speech.told(
            "Unknown of %(unknown)s: %(unknown_when)s.",
            unknown=words.whole(unknown),
            unknown_when=metric.unknown_when,
        )
        if unknown
        else "",
        middle=speech.told(
            "Median %(median)s, half from %(lower)s to %(upper)s.",
            median=words.number(spread.median, metric.unit),
            lower=words.number(spread.lower),
            upper=words.number(spread.upper, metric.unit),
        )
        if spread.known
        else "",
        spread=_drawn(metric, spread),
        some=tuple(
            LiveRow(
                row.name or row.key,
                reverse("account", args=(row.key,)),
                words.number(row.value, metric.unit),
            )
            for row in known[:FEW]
        ),
    )


def _drawn(metric: Metric, spread: Spread) -> SafeString:
    if not spread.known:
        return SafeString()
    label = speech.told(
        "%(title)s: values from %(low)s to %(high)s",
        title=metric.title,
        low=words.number(spread.low),
        high=words.number(spread.high),
    )
    picture = drawn(spread.counts, low=spread.low, high=spread.high, green=None, red=None, label=label)
    return mark_safe(picture)  # noqa: S308 escaped by the chart
