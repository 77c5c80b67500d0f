"""A list of accounts asked by the one grammar of conditions, through the database: the same answers as over frames."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from keepwell.health.actions import lines
from keepwell.health.models import Line, Standing, Total
from keepwell.health.queries import book
from keepwell.health.queries.sheet.question import Order, Question
from keepwell.kernel.errors import Invalid
from keepwell.ledger.actions import accounts
from keepwell.ledger.models import Account
from keepwell.metrics.conditions import brief, tree
from keepwell.pipeline.actions import rebuild
from keepwell.segments.queries import judged, vocabulary
from tests.faces.web import book as lived
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db

ASKED: list[dict[str, Any]] = [
    {"of": "metric.days_since_touchpoint", "above": 10},
    {"not": {"of": "metric.days_since_touchpoint", "above": 10}},
    {"of": "metric.days_since_touchpoint", "known": False},
    {"of": "score.band", "in": ["red", "green"]},
    {"of": "score.points", "at_most": 50},
    {"of": "score.known_weight", "above": 0},
    {"of": "score.change", "below": -10, "in_days": 7},
    {"not": {"of": "score.change", "at_least": -10, "in_days": 30}},
    {"any": [{"of": "arr", "above": 50_000}, {"of": "industry", "is": "Energy"}]},
    {"all": [{"of": "arr", "known": True}, {"not": {"of": "industry", "in": ["Retail", "Energy"]}}]},
    {"of": "industry", "contains": "ETA"},
    {"of": "name", "starts_with": "w"},
    {"of": "industry", "is_not": "Retail"},
    {"of": "renewal_date", "within_days": 60},
    {"not": {"of": "renewal_date", "before": "2026-09-01"}},
    {"of": "since", "older_than_days": 30},
    {"of": "since", "past_days": 400},
    {"of": "tags", "has": "pilot"},
    {"of": "tags", "has_not": "pilot"},
    {"of": "owner.csm", "contains": "ada"},
    {"of": "owner.sales", "known": False},
    {"of": "segment.shaky", "true": True},
    {"not": {"of": "segment.shaky", "true": True}},
    {"of": "field.region", "is": "North"},
    {"of": "field.seats", "above": 5},
    {"not": {"of": "field.seats", "above": 5}},
    {"of": "phase", "known": False},
]


@pytest.fixture
def cast(db: None) -> World:
    found = lived.build()
    rows = [
        {"key": "willow", "tags": ["pilot"], "fields": {"region": "North", "seats": 12}},
        {"key": "birch", "fields": {"region": "South", "seats": "many"}, "since": date(2025, 9, 1)},
    ]
    accounts.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    return found


def test_every_question_is_answered_as_over_frames(cast: World) -> None:
    said = vocabulary.accounts()
    keys = dict(Account.objects.values_list("pk", "key"))
    for asked in ASKED:
        condition = vocabulary.read(asked, said)
        frame = judged.today(vocabulary.plain(condition, said), account_ids=None, day=TODAY)
        expected = {keys[pk] for pk in frame.filter(frame["holds"].fill_null(value=False))["account_id"]}
        found = book.page(seen_by=TESTS, asked=Question(condition=condition), said=said)
        assert {row.key for row in found.rows} == expected, json.dumps(asked)
        assert found.total == len(expected)
        assert tree.written(brief.read(brief.written(condition), said)) == tree.written(condition)


def test_what_is_counted_in_the_lake_is_refused_in_words(cast: World) -> None:
    asked = vocabulary.read({"of": "event.report.exported", "above": 3, "in_days": 28})
    with pytest.raises(Invalid, match="Make a segment or a measure of it"):
        book.page(seen_by=TESTS, asked=Question(condition=asked))


def test_a_fall_reads_as_one() -> None:
    condition = brief.read("score.change:below:-10:30", vocabulary.accounts())
    from keepwell.metrics.conditions.words import words

    assert words(condition) == "Health fell by more than 10 over 30 days"


@pytest.mark.parametrize(
    "text", ["arr", "all(arr:above:1", "arr:above:1)", "all()", "", "arr:above:much", "x" * 5000]
)
def test_a_text_that_is_no_filter_is_refused(db: None, text: str) -> None:
    with pytest.raises(Invalid):
        brief.read(text, vocabulary.accounts())


def test_groups_sum_what_they_hold_and_rows_follow_them(cast: World) -> None:
    asked = Question(
        group="industry", order=(Order("arr", descending=True),), columns=("arr", "metric.active_people")
    )
    found = book.page(seen_by=TESTS, asked=asked)
    assert sum(group.accounts for group in found.groups) == found.total == len(found.rows)
    assert [row.group for row in found.rows] == sorted(
        (row.group for row in found.rows), key=lambda g: (g is None, g or "")
    )
    worth = {group.value: group.arr for group in found.groups}
    for value, arr in worth.items():
        own = [row.arr.amount for row in found.rows if row.group == value and row.arr]
        assert (arr.amount if arr else 0) == sum(own)


def test_any_column_sorts_and_several_do(cast: World) -> None:
    columns = [c for c in book.columns(vocabulary.accounts()).values() if c.reads]
    for column in columns:
        for descending in (False, True):
            asked = Question(order=(Order(column.slug, descending), Order("name")), columns=(column.slug,))
            assert book.page(seen_by=TESTS, asked=asked).total == 4, column
    by_owner = Question(order=(Order("owner"), Order("name", descending=True)))
    assert [row.key for row in book.page(seen_by=TESTS, asked=by_owner).rows] == [
        "willow",
        "elm",
        "birch",
        "ash",
    ]


def test_lines_are_those_of_a_rebuild_and_follow_the_ledger(cast: World) -> None:
    def lines() -> list[Any]:
        return list(Line.objects.order_by("account").values())

    before = lines()
    rebuild(at=NOW)
    assert lines() == before
    accounts.upsert(rows=[{"key": "elm", "name": "Elm & Co"}], source="tests", by=TESTS, at=NOW, vouched=True)
    assert Line.objects.get(account__key="elm").name == "elm & co"
    accounts.upsert(rows=[{"key": "new", "name": "New"}], source="tests", by=TESTS, at=NOW, vouched=True)
    assert Line.objects.get(account__key="new").band == "unknown"


def test_the_index_gives_the_order_that_sorting_gives(cast: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for order in ("health", "change", "name", "arr", "renewal", "touch"):
        for descending in (False, True):
            asked = Question(order=(Order(order, descending),))
            known = sum(1 for _ in book.some(seen_by=TESTS, asked=asked, offset=0, limit=10))
            slow = [row.key for row in book.page(seen_by=TESTS, asked=asked).rows]
            quick = [
                row.key
                for place in range(known)
                for row in book.some(seen_by=TESTS, asked=asked, offset=place, limit=1)
            ]
            assert quick == slow, (order, descending)


def test_totals_are_those_of_the_lines_whatever_happens(cast: World, monkeypatch: pytest.MonkeyPatch) -> None:
    anybody = vocabulary.read({"of": "key", "known": True})
    grouped = [Question(group=group) for group in ("owner", "industry", "country", "tier", "band")]

    def agree() -> None:
        for asked in (Question(columns=("metric.active_people",)), *grouped):
            for former in (False, True):
                told = book.page(seen_by=TESTS, asked=replace(asked, former=former))
                joined = book.page(seen_by=TESTS, asked=replace(asked, former=former, condition=anybody))
                assert told.totals == joined.totals
                assert told.means == pytest.approx(joined.means)
                assert told.groups == joined.groups

    agree()
    assert Total.objects.exists()
    told: dict[str, Any] = {"source": "tests", "by": TESTS, "at": NOW, "vouched": True}
    accounts.upsert(rows=[{"key": "new", "name": "New", "industry": "Energy", "tier": "Gold"}], **told)
    accounts.upsert(rows=[{"key": "elm", "industry": "Media"}, {"key": "ash", "tier": "Silver"}], **told)
    accounts.assign(account=cast.elm, user=cast.ben, role="csm", by=TESTS, at=NOW)
    Account.objects.filter(key="birch").update(former=True, arr_reporting=7)
    Account.objects.filter(key="willow").update(arr_reporting=None, arr_unrated=["XYZ"])
    Standing.objects.filter(account=cast.ash).delete()
    agree()
    before = Total.objects.count()
    monkeypatch.setattr(lines, "MOST_DIFFERENCES", 1)
    lines.settle()
    agree()
    assert Total.objects.count() < before
    Line.objects.filter(account__key="new").delete()
    agree()
    lines.count_anew()
    agree()
