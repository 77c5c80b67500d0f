"""Parents: their own score, and what stands below them as one figure."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from keepwell.health.actions import rollups as deeds
from keepwell.health.formulas import rollup, thresholds
from keepwell.health.formulas.rollup import Below, RolledUp
from keepwell.health.queries import rollups
from keepwell.kernel.errors import Forbidden, Invalid
from keepwell.ledger.actions import accounts, contracts, hierarchy
from keepwell.ledger.queries import hierarchy as trees
from tests import world
from tests.health.test_scores import TOUCH, card, refresh
from tests.metrics.happenings import event, happen
from tests.world import NOW, TESTS, TODAY

EDGES = thresholds.parse(">= 75"), thresholds.parse("< 50")
BELOW = (
    Below(100, "green", 300.0),
    Below(0, "red", 100.0),
    Below(None, "unknown", 900.0),
    Below(80, "green", None),
)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("worst", RolledUp(0, "red", 3, 4)),
        ("mean", RolledUp(60, "yellow", 3, 4)),
        ("arr_weighted", RolledUp(75, "green", 2, 4)),
    ],
)
def test_each_function_leaves_out_what_is_not_known(function: str, expected: RolledUp) -> None:
    assert rollup.FUNCTIONS[function](BELOW, EDGES) == expected


@pytest.mark.parametrize("function", rollup.FUNCTIONS)
def test_where_nothing_is_known_nothing_is_told(function: str) -> None:
    found = rollup.FUNCTIONS[function]([Below(None, "unknown", 10.0)], EDGES)
    assert found == RolledUp(None, "unknown", 0, 1)


def test_the_worst_may_have_been_set_without_points() -> None:
    two = [Below(None, "red", 1.0), Below(90, "green", 1.0)]
    assert rollup.worst(two, EDGES) == RolledUp(90, "red", 2, 2)


@pytest.mark.django_db
def test_birch_above_willow_and_elm() -> None:
    cast = world.build()
    card(TOUCH, at=NOW - timedelta(days=900))
    for child in ("willow", "elm"):
        hierarchy.place(
            child=child, parent="birch", kind="commercial", since=date(2026, 6, 1), by=TESTS, at=NOW
        )
    began = date(2026, 1, 1)
    rows = [
        {"key": f"c-{key}", "account": key, "arr": Decimal(arr), "currency": "USD", "start_date": began}
        for key, arr in (("willow", 300), ("elm", 100))
    ]
    contracts.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    accounts.restate(on=TODAY)
    happen(event("willow", "touchpoint.held", 2), event("elm", "touchpoint.held", 40))
    refresh()
    root = cast.scope("root")

    def found(day: date = TODAY) -> dict[str, rollups.NodeHealth]:
        tree = trees.tree(account_id=cast.birch.pk, kind="commercial", as_of=day, seen_by=root)
        return rollups.of_tree(tree, seen_by=root)

    assert found()["birch"] == rollups.NodeHealth(None, "unknown", RolledUp(0, "red", 2, 2))
    assert found()["willow"] == rollups.NodeHealth(100, "green", None)
    deeds.choose(function="arr_weighted", by=TESTS, at=NOW)
    assert found()["birch"].below == RolledUp(75, "green", 2, 2)
    assert found(date(2026, 5, 20)) == {"birch": rollups.NodeHealth(None, "unknown", None)}
    with pytest.raises(Invalid, match="no way to roll health up"):
        deeds.choose(function="median", by=TESTS, at=NOW)
    with pytest.raises(Forbidden):
        deeds.choose(function="mean", by=cast.scope("ada"), at=NOW)
