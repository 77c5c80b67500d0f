"""An account's place among others, whose it was, what its keys are, and what mergers would move."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile

from django.urls import reverse

from keepwell.access.roles import ROLES
from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark, ScoreMark
from keepwell.faces.web.pages.account_head import AccountHead
from keepwell.health.queries.rollups import NodeHealth
from keepwell.kernel import speech
from keepwell.kernel.money import Money
from keepwell.ledger.catalogue import HIERARCHIES
from keepwell.ledger.queries.accounts import OwnerSpan
from keepwell.ledger.queries.hand_overs import HandOverView
from keepwell.ledger.queries.hierarchy import Node, ParentSpan, Tree
from keepwell.ledger.queries.mergers import Deed, Preview

DEEDS = {
    "merge": speech.later("Merged into"),
    "split": speech.later("Split off"),
    "move": speech.later("Came under"),
}
TABLES = {
    "surveyanswer": (speech.later("survey answer"), ""),
    "changerequest": (speech.later("change request"), ""),
    "acceptancecriterion": (speech.later("acceptance criterion"), speech.later("acceptance criteria")),
    "riskentry": ("risk", ""),
    "gaprequest": (speech.later("product gap"), ""),
    "raci": (speech.later("line of RACI"), speech.later("lines of RACI")),
}


@dataclass(frozen=True)
class NodeRow:
    """An account of the tree."""

    href: str
    name: str
    depth: int
    arr: str
    arr_below: str
    is_here: bool
    own: ScoreMark | None = None
    below: ScoreMark | None = None
    counted: str = ""


@dataclass(frozen=True)
class SpanRow:
    """From when until when something held."""

    what: str
    who: str
    since: str
    until: str


@dataclass(frozen=True)
class DeedRow:
    """A merger, split or move."""

    number: int
    what: str
    other: str
    other_href: str
    day: DayMark | None
    by: str
    undone: DayMark | None
    can_undo: bool


@dataclass(frozen=True)
class BelowFacts:
    """All that stands below an account in four figures."""

    accounts: str
    arr: str
    health: ScoreMark | None
    counted: str
    lowest: str
    lowest_href: str
    lowest_mark: ScoreMark | None


@dataclass(frozen=True)
class AheadRow:
    """Who has a role from a day to come on, and the way to take that back."""

    role: str
    name: str
    since: str
    said_by: str
    drop: str


@dataclass(frozen=True)
class OrganisationTab:
    """The tab."""

    head: AccountHead
    kind: str
    kinds: tuple[tuple[str, str, bool], ...]
    as_of: str
    above: tuple[NodeRow, ...]
    nodes: tuple[NodeRow, ...]
    below: BelowFacts | None
    rolled_up: str
    spans: tuple[SpanRow, ...]
    owners: tuple[SpanRow, ...]
    ahead: tuple[AheadRow, ...]
    today: str
    roles: tuple[tuple[str, str], ...]
    colleagues: tuple[tuple[str, str], ...]
    deeds: tuple[DeedRow, ...]
    keys: tuple[str, ...]
    domains: tuple[str, ...]
    merged_into: str
    merged_href: str
    merged_day: DayMark | None
    may_change: bool
    refused: str = ""


@dataclass(frozen=True)
class MergerPage:
    """Say into which account; then see what moves, and do it."""

    key: str
    name: str
    target: str = ""
    target_name: str = ""
    moves: tuple[str, ...] = ()
    after: str = ""
    refused: str = ""


@dataclass(frozen=True)
class SplitPage:
    """Choose what goes to the new account; then see what moves, and do it."""

    key: str
    name: str
    contracts: tuple[tuple[str, str, bool], ...]
    people: tuple[tuple[str, str, bool], ...]
    keys: tuple[tuple[str, str, bool], ...]
    new_key: str = ""
    new_name: str = ""
    moves: tuple[str, ...] = ()
    after: str = ""
    refused: str = ""
    told: dict[str, str] = field(default_factory=dict)


def money(parts: tuple[Money, ...]) -> str:
    """Sums of several currencies side by side."""
    return " + ".join(map(str, parts)) or "–"


def node(found: Node, *, here: str, health: NodeHealth | None = None) -> NodeRow:
    """An account of the tree as a row."""
    rolled = health.below if health else None
    below = found.total if found.total is not None and len(found.arr_below) > 1 else None
    return NodeRow(
        href=reverse("account-organisation", args=(found.key,)),
        name=found.name,
        depth=found.depth,
        arr=money(found.arr),
        arr_below=(f"{below} ({money(found.arr_below)})" if below else money(found.arr_below))
        if found.below
        else "",
        is_here=found.key == here,
        own=_mark(health.points, health.band) if health else None,
        below=_mark(rolled.points, rolled.band) if rolled else None,
        counted=speech.told("%(counted)s of %(total)s known", counted=rolled.counted, total=rolled.total)
        if rolled
        else "",
    )


def _mark(points: float | None, band: str) -> ScoreMark:
    return ScoreMark.of(points=points, slug=band, known_weight=None, low=None, high=None)


def rows(tree: Tree, *, key: str, health: Mapping[str, NodeHealth]) -> tuple[NodeRow, ...]:
    """The whole tree, with its health where it is asked."""
    return tuple(node(found, here=key, health=health.get(found.key)) for found in tree.nodes)


def below(
    nodes: Sequence[NodeRow], tree: Tree, *, key: str, health: Mapping[str, NodeHealth]
) -> BelowFacts | None:
    """What stands below an account, with the one that stands lowest; None where nothing does."""
    here = next((place for place, found in enumerate(tree.nodes) if found.key == key), None)
    if here is None or not tree.nodes[here].below:
        return None
    top, row = tree.nodes[here], nodes[here]
    under = list(takewhile(lambda found: found.depth > top.depth, tree.nodes[here + 1 :]))
    scored = [(health[one.key].points, one) for one in under if one.key in health]
    known = [(points, one) for points, one in scored if points is not None]
    points, lowest = min(known, key=lambda pair: pair[0], default=(None, None))
    return BelowFacts(
        accounts=words.count(len(under), "account"),
        arr=row.arr_below,
        health=row.below,
        counted=row.counted,
        lowest=lowest.name or lowest.key if lowest else "",
        lowest_href=reverse("account", args=(lowest.key,)) if lowest else "",
        lowest_mark=_mark(points, health[lowest.key].band) if lowest else None,
    )


def span(found: ParentSpan, *, today: date) -> SpanRow:
    """Under whom it stood."""
    return SpanRow(
        HIERARCHIES[found.kind],
        found.parent_name,
        _day(found.since, today, "always"),
        _day(found.until, today, "now"),
    )


def owner(found: OwnerSpan, *, today: date) -> SpanRow:
    """Who looked after it."""
    return SpanRow(
        ROLES[found.role].title, found.name, _day(found.since, today, ""), _day(found.until, today, "now")
    )


def ahead(found: HandOverView, *, key: str, today: date) -> AheadRow:
    """Who is to look after it."""
    drop = reverse("organisation-hand-over-drop", args=(key, found.role))
    return AheadRow(
        ROLES[found.role].title, found.name, words.day(found.since, today=today), found.said_by, drop
    )


def deed(found: Deed, *, key: str, today: date) -> DeedRow:
    """What was changed."""
    other, name = (
        (found.target, found.target_name) if found.source == key else (found.source, found.source_name)
    )
    what = DEEDS[found.kind] if found.source == key else {
        "merge": speech.told("Took in"), "split": speech.told("Was split off from"), "move": speech.told("Took under it"),
    }[found.kind]  # fmt: skip
    return DeedRow(
        number=found.number,
        what=what,
        other=name or "none",
        other_href=reverse("account-organisation", args=(other,)) if other else "",
        day=DayMark.of(found.at, today=today),
        by=found.by,
        undone=DayMark.of(found.undone_at, today=today),
        can_undo=found.can_undo,
    )


def moves(found: Preview) -> tuple[str, ...]:
    """What would move, line by line."""
    told = [
        words.count(found.events, "event"),
        *(words.count(count, *TABLES.get(name, (name, ""))) for name, count in sorted(found.rows.items())),
        words.count(found.people, "person", "people") if found.people else "",
        words.count(found.children, "account below it", "accounts below it") if found.children else "",
        f"{words.count(len(found.keys), 'key')}: {', '.join(found.keys[:6])}{' …' if len(found.keys) > 6 else ''}"
        if found.keys
        else "",
        speech.told("%(arr)s of ARR", arr=money(found.arr)) if found.arr else "",
    ]
    return tuple(filter(None, told))


def _day(day: date | None, today: date, nil: str) -> str:
    return nil if day is None else words.day(day, today=today)
