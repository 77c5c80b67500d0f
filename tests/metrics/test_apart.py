"""Metrics told apart by a property of events, and metrics that accounts answer from those below them."""

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from keepwell.kernel.errors import Invalid
from keepwell.kernel.moments import Grid, end_of
from keepwell.ledger.actions import hierarchy
from keepwell.metrics import catalogue
from keepwell.metrics.actions import definitions
from keepwell.metrics.actions import values as deeds
from keepwell.metrics.formulas import rollup
from keepwell.metrics.models import MetricValue
from keepwell.metrics.queries import values
from tests import world
from tests.metrics import brute, drawn, told
from tests.metrics.happenings import event, happen, uses
from tests.metrics.told import Told
from tests.world import NOW, TESTS, TODAY

DAY = timedelta(days=1)
TEXTS = {"unit": "people", "sentence": "Who came.", "unknown_when": "nobody was ever named"}
PEOPLE = {"slug": "came", "title": "Who came", **TEXTS, "measure": {"take": "people", "days": 28}}
APART = PEOPLE | {"per": {"of": "feature", "among": ["export", "share"]}}
OPENED = {"kind": "fact", "names": ["ticket.opened"], "where": {"of": "props.severity", "known": True}}
CLOSED = {"kind": "fact", "names": ["ticket.resolved"]}
OPEN = {
    **APART,
    "slug": "standing",
    "measure": {"take": "open", "key": "ticket", "opened": OPENED, "closed": CLOSED},
    "per": {"of": "props.severity", "among": ["critical"]},
}
SHARE = {
    **APART,
    "slug": "share",
    "measure": {"take": "ratio", "of": PEOPLE["measure"], "to": {"take": "count", "days": 90}},
}


@settings(max_examples=25)
@given(facts=drawn.told(), days=drawn.grids(), known_by=drawn.CUTS)
def test_each_part_is_what_counting_its_events_by_hand_gives(
    facts: Told, days: list[date], known_by: datetime | None
) -> None:
    metrics = tuple(part for said in (APART, OPEN, SHARE) for part in catalogue.read(said).parts)
    assert len(metrics) == 5
    found = told.evaluated(facts, days, known_by=known_by, metrics=metrics)
    by_hand = brute.evaluated(facts, days, known_by, metrics)
    assert found.height == len(by_hand)
    for account, as_of, metric, value, _ in found.iter_rows():
        expected = by_hand[account, as_of, metric]
        assert value == (None if expected is None else pytest.approx(expected, abs=1e-6))


LINKS = st.lists(
    st.tuples(st.integers(2, 6), st.integers(1, 5), st.integers(0, 20), st.integers(1, 25)), max_size=8
)
OWN = st.lists(st.sampled_from([None, 0.0, 1.5, 4.0, 10.0]), min_size=6, max_size=6)
START = date(2026, 1, 1)


@settings(max_examples=60)
@given(LINKS, OWN, OWN, st.sampled_from(["sum", "arr_weighted", "worst"]), st.integers(0, 30), st.booleans())
def test_an_account_answers_from_whoever_stands_below_it_that_day(
    links: list[Any], own: list[Any], weights: list[Any], how: Any, after: int, upward: bool
) -> None:
    spans = {
        (child, first): (child, parent, first, last) for child, parent, first, last in links if parent < child
    }
    apart: dict[int, tuple[int, int, int, int]] = {one[0]: one for one in spans.values()}
    day = START + after * DAY
    frame = pl.DataFrame(
        [(c, p, START + a * DAY, START + b * DAY) for c, p, a, b in apart.values() if a < b],
        schema={"child": pl.Int64, "parent": pl.Int64, "since": pl.Date, "until": pl.Date},
        orient="row",
    )
    rows = pl.DataFrame(
        {
            "account_id": range(1, 7),
            "as_of": [day] * 6,
            "value": own,
            "reason": ["?" if v is None else None for v in own],
        },
        schema={"account_id": pl.Int64, "as_of": pl.Date, "value": pl.Float64, "reason": pl.String},
    )
    weighed = rows.select("account_id", "as_of", weight=pl.Series(weights, dtype=pl.Float64))
    found = rollup.rolled(rows, rollup.pairs(frame), how=how, upward=upward, weights=weighed)
    parent = {c: p for c, p, a, b in apart.values() if a <= after < b}
    for account, value, reason in found.select("account_id", "value", "reason").iter_rows():
        members = [one for one in range(1, 7) if account in _path(one, parent)]
        expected = _by_hand([(own[m - 1], weights[m - 1]) for m in members], how, upward)
        assert value == (None if expected is None else pytest.approx(expected))
        assert (value is None) == (reason is not None)


def _path(account: int, parent: dict[int, int]) -> list[int]:
    return [account] if account not in parent else [account, *_path(parent[account], parent)]


def _by_hand(members: list[tuple[float | None, float | None]], how: str, upward: bool) -> float | None:
    known = [(value, weight) for value, weight in members if value is not None]
    if how == "arr_weighted" and len(members) > 1:
        known = [(value, weight) for value, weight in known if weight]
        total = sum(weight or 0 for _, weight in known)
        return sum(value * (weight or 0) for value, weight in known) / total if known else None
    told_ = [value for value, _ in known]
    if not told_:
        return None
    return sum(told_) if how == "sum" else min(told_) if upward else max(told_)


def stored(metric: str) -> list[Any]:
    rows = MetricValue.objects.filter(metric=metric).order_by("account", "as_of")
    return list(rows.values_list("account", "as_of", "value", "reason"))


def everything() -> list[Any]:
    rows = MetricValue.objects.order_by("account", "as_of", "metric")
    return list(rows.values_list("account", "as_of", "metric", "value", "reason"))


def now(metric: str) -> dict[str, float | None]:
    rows = MetricValue.objects.filter(metric=metric, as_of=TODAY)
    return dict(rows.values_list("account__key", "value"))


def place(child: str, parent: str | None, days_ago: int, *, at: datetime = NOW) -> None:
    day = TODAY - days_ago * DAY
    hierarchy.place(child=child, parent=parent, kind="site", since=day, by=TESTS, at=at)


@pytest.mark.django_db
def test_parts_are_stored_and_a_value_that_is_added_is_computed_alone() -> None:
    world.build()
    happen(uses("birch", 3, "p1"), uses("birch", 4, "p2", feature="share"), uses("elm", 2))
    definitions.save(definition=APART, by=TESTS, at=NOW)
    deeds.refresh(since_by_account=None, as_of=TODAY)
    assert now("came")["birch"] == 2
    assert (now("came:export")["birch"], now("came:share")["elm"], now("came:share")["ash"]) == (1, 0, None)
    more = APART | {"per": {"of": "feature", "among": ["export", "share", "login"]}}
    definitions.save(definition=more, by=TESTS, at=NOW)
    before = everything()
    deeds.refresh(since_by_account={}, as_of=TODAY)
    assert {row[2] for row in set(everything()) - set(before)} == {"came:login"}
    assert now("came:login") == {"birch": 0, "elm": 0, "willow": None, "ash": None}


@pytest.mark.django_db
def test_a_parent_answers_from_its_children_as_of_each_day_and_an_increment_is_a_rebuild() -> None:
    cast = world.build()
    happen(uses("birch", 3, "p1"), uses("elm", 5, "p2"), uses("elm", 60, "p3"), uses("willow", 2, "p4"))
    place("elm", "birch", 30)
    place("willow", "elm", 10)
    rolled = PEOPLE | {"rollup": {"how": "sum", "kind": "site"}}
    definitions.save(definition=rolled, by=TESTS, at=NOW)
    deeds.refresh(since_by_account=None, as_of=TODAY)
    assert now("came") == {"birch": 3, "elm": 2, "willow": 1, "ash": None}
    assert now("came:own") == {"birch": 1, "elm": 1, "willow": 1, "ash": None}
    happen(uses("willow", 6, "p5"))
    done = deeds.refresh(since_by_account={cast.willow.pk: TODAY - 6 * DAY}, as_of=TODAY)
    assert set(done.since_by_account or {}) == {cast.willow.pk, cast.elm.pk, cast.birch.pk}
    assert now("came")["birch"] == 4
    increment = everything()
    deeds.refresh(since_by_account=None, as_of=TODAY)
    assert everything() == increment
    place("willow", None, 4)
    deeds.refresh(since_by_account={}, as_of=TODAY)
    assert now("came") == {"birch": 2, "elm": 1, "willow": 2, "ash": None}
    increment = everything()
    deeds.refresh(since_by_account=None, as_of=TODAY)
    assert everything() == increment
    live = values.evaluate(metrics=["came"], grid=Grid(TODAY), known_by=None, accounts=[cast.birch.pk])
    assert live["value"].to_list() == [2]


@pytest.mark.django_db
def test_a_parent_is_told_as_known_then() -> None:
    cast = world.build()
    happen(uses("birch", 20, "p1"), uses("elm", 20, "p2"))
    place("elm", "birch", 15, at=NOW - 5 * DAY)
    definitions.save(definition=PEOPLE | {"rollup": {"how": "sum", "kind": "site"}}, by=TESTS, at=NOW)
    grid = Grid(last=TODAY, step_days=1, count=12)
    asked: Any = {"metrics": ["came"], "accounts": [cast.birch.pk]}
    then = values.replayed(grid=grid, **asked)
    daily = [values.evaluate(grid=Grid(day), known_by=end_of(day), **asked) for day in grid.days]
    assert_frame_equal(then, pl.concat(daily).sort(values.ORDER))
    assert set(then["value"].drop_nulls()) == {1.0, 2.0}


@pytest.mark.django_db
def test_the_worst_below_and_the_mean_by_arr() -> None:
    cast = world.build()
    happen(event("birch", "ticket.opened", 3), *(event("elm", "ticket.opened", n) for n in (1, 2, 3)))
    place("elm", "birch", 15)
    count = {"take": "count", "days": 28, "events": {"kind": "fact", "names": ["ticket.opened"]}}
    worst = PEOPLE | {"better": "down", "measure": count, "rollup": {"how": "worst", "kind": "site"}}
    definitions.save(definition=worst, by=TESTS, at=NOW)
    asked: Any = {"grid": Grid(TODAY), "known_by": None, "accounts": [cast.birch.pk]}
    assert values.evaluate(metrics=["came"], **asked)["value"].to_list() == [3]
    definitions.save(definition=worst | {"rollup": {"how": "arr_weighted", "kind": "site"}}, by=TESTS, at=NOW)
    found = values.evaluate(metrics=["came"], **asked)
    assert found["reason"].to_list() == [rollup.NO_WEIGHT]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"per": {"of": "value", "among": ["1"]}}, "is feature, source, name or a property"),
        ({"per": {"of": "props.product", "among": []}}, "at least one"),
        ({"per": {"of": "props.product", "among": ["a:b"]}}, 'has no ":"'),
        ({"per": {"of": "props.product", "among": ["a"]}, "measure": {"take": "seats"}}, "told by events"),
        ({"rollup": {"how": "median"}}, "is one of sum, arr_weighted, worst"),
        ({"rollup": {"how": "sum", "kind": "astral"}}, "is one of legal, commercial, site"),
    ],
)
def test_nonsense_is_refused_with_what_is_allowed(said: dict[str, Any], why: str) -> None:
    with pytest.raises(Invalid, match=why):
        catalogue.read(PEOPLE | said)


def test_a_definition_is_written_as_it_is_read() -> None:
    both = APART | {
        "rollup": {"how": "worst", "kind": "legal"},
        "better": "up",
        "group": "custom",
        "kept": True,
    }
    assert catalogue.written(catalogue.read(both)) == both
