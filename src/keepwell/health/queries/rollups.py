"""The health of parents: what stands below an account as one figure, beside the account's own score."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from keepwell.access.queries import settings
from keepwell.access.scopes import Scope
from keepwell.health.formulas import rollup, thresholds
from keepwell.health.formulas.rollup import Below, RolledUp
from keepwell.health.formulas.thresholds import Threshold
from keepwell.health.queries import book, cards
from keepwell.kernel import speech
from keepwell.ledger.queries.hierarchy import Node, Tree

SETTING, USUAL = "health_rollup", "worst"
TITLES = {
    "worst": speech.later("Worst of all below"),
    "arr_weighted": speech.later("Mean weighted by ARR"),
    "mean": speech.later("Mean"),
}
EDGES = thresholds.parse(">= 75"), thresholds.parse("< 50")


@dataclass(frozen=True)
class NodeHealth:
    """An account of a tree: where it stands itself, and what stands below it as one figure; None where nothing does."""

    points: float | None
    band: str
    below: RolledUp | None


def function() -> str:
    """By which function the company rolls health up. One query."""
    said = settings.get(SETTING, USUAL)
    return said if said in rollup.FUNCTIONS else USUAL


def of_tree(tree: Tree, *, seen_by: Scope) -> dict[str, NodeHealth]:
    """The health of each account of a tree on its day, or the stored day before it, by key. Six queries."""
    stands = book.on_day([node.id for node in tree.nodes], as_of=tree.as_of, seen_by=seen_by)
    roll_up, edges = rollup.FUNCTIONS[function()], _edges(tree.as_of)
    own = _own_arr(tree)
    found = {node.key: Below(*stands.get(node.id, (None, "unknown")), own[node.key]) for node in tree.nodes}
    beneath = _beneath(tree, found)
    return {
        key: NodeHealth(one.points, one.band, roll_up(beneath[key], edges) if beneath[key] else None)
        for key, one in found.items()
    }


def _beneath(tree: Tree, found: Mapping[str, Below]) -> dict[str, list[Below]]:
    """All that stands below each account, at any depth; parents come before what stands below them."""
    beneath: dict[str, list[Below]] = {node.key: [] for node in tree.nodes}
    for node in reversed(tree.nodes):
        if node.parent is not None:
            beneath[node.parent] += [found[node.key], *beneath[node.key]]
    return beneath


def _own_arr(tree: Tree) -> dict[str, float | None]:
    """Each account's own ARR in the reporting currency: its total less those of what stands directly below it."""
    children: dict[str, list[Node]] = {}
    for node in tree.nodes:
        if node.parent is not None:
            children.setdefault(node.parent, []).append(node)
    return {node.key: _less(node, children.get(node.key, [])) for node in tree.nodes}


def _less(node: Node, children: list[Node]) -> float | None:
    amounts = [child.total.amount if child.total else None for child in children if child.arr_below]
    if node.total is None or None in amounts:
        return None
    return float(node.total.amount) - sum(float(amount) for amount in amounts if amount is not None)


def _edges(day: date) -> tuple[Threshold, Threshold]:
    """Those of the card that comes last in the order: the one for whoever no other is for."""
    spans = [span for span in cards.spans() if span.since <= day and span.versions]
    card = spans[-1].versions[-1].card if spans else None
    return (card.green, card.red) if card else EDGES
