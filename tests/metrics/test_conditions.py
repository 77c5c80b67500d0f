"""The grammar of conditions: what it refuses, how it reads, and that a frame and a single row agree on it."""

from datetime import date, timedelta
from typing import Any

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.kernel.errors import Invalid
from keepwell.metrics.conditions import frames, judging, operators, tree, words
from keepwell.metrics.conditions.vocabulary import EVENTS, Subject, Vocabulary

TODAY = date(2026, 3, 1)
ACCOUNTS = Vocabulary(
    {
        subject.slug: subject
        for subject in (
            Subject("industry", "Industry", "text"),
            Subject("band", "Health", "text", choices=("green", "yellow", "red", "unknown")),
            Subject("arr", "ARR", "number", "EUR"),
            Subject("renewal_date", "Renewal", "day"),
            Subject("former", "Former customer", "truth"),
            Subject("tags", "Tags", "list"),
        )
    },
    {
        "metric.": Subject("metric.", "Metric", "number"),
        "event.": Subject("event.", "Event", "number", "times", windowed=True),
        "props.": Subject("props.", "Property", "any"),
    },
)
KINDS = {
    "industry": pl.String,
    "band": pl.String,
    "arr": pl.Float64,
    "renewal_date": pl.Date,
    "former": pl.Boolean,
    "tags": pl.List(pl.String),
    "metric.active_people": pl.Float64,
    "event.report.exported@28": pl.Float64,
    "props.size": pl.String,
}
DAYS = st.dates(TODAY - timedelta(days=12), TODAY + timedelta(days=12))
TEXTS = st.sampled_from(("Retail", "retail bank", "Health", "עברית 🎈", "7", "-2.5", " 3 "))
NUMBERS = st.sampled_from((-2.5, 0.0, 3.0, 7.0))


def _leaf(column: str) -> st.SearchStrategy[dict[str, Any]]:
    slug, _, span = column.partition("@")
    subject = ACCOUNTS.find(slug)
    asked = {"of": slug} | ({"in_days": int(span)} if span else {})
    values: dict[str, st.SearchStrategy[Any]] = {
        "text": st.sampled_from(subject.choices) if subject.choices else TEXTS,
        "texts": st.lists(
            st.sampled_from(subject.choices) if subject.choices else TEXTS, min_size=1, max_size=3
        ),
        "number": NUMBERS,
        "day": DAYS.map(date.isoformat),
        "days": st.integers(0, 12),
        "truth": st.booleans(),
    }

    def stated(slug: str) -> st.SearchStrategy[dict[str, Any]]:
        value = st.booleans() if slug == "known" else values[operators.OPERATORS[slug].takes]
        return value.map(lambda value: asked | {slug: value})

    return st.sampled_from(operators.for_kind(subject.kind)).flatmap(stated)


TREES = st.recursive(
    st.sampled_from(list(KINDS)).flatmap(_leaf),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=6,
)
ROWS = st.fixed_dictionaries(
    {
        "industry": st.none() | TEXTS,
        "band": st.none() | st.sampled_from(("green", "yellow", "red", "unknown")),
        "arr": st.none() | NUMBERS,
        "renewal_date": st.none() | DAYS,
        "former": st.none() | st.booleans(),
        "tags": st.none() | st.lists(TEXTS, max_size=2),
        "metric.active_people": st.none() | NUMBERS,
        "event.report.exported@28": st.none() | NUMBERS,
        "props.size": st.none() | TEXTS,
    }
)


@given(TREES, st.lists(ROWS, min_size=1, max_size=8))
def test_a_frame_and_a_single_row_agree(stated: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    condition = tree.read(stated, ACCOUNTS)
    frame = nw.from_native(pl.LazyFrame(rows, schema=KINDS).with_columns(as_of=pl.lit(TODAY)))
    answers = frame.select(holds=frames.holds(condition)).collect()["holds"].to_list()
    assert answers == [judging.judge(condition, row, as_of=TODAY).holds for row in rows]


@given(TREES)
def test_what_was_read_is_written_back(stated: dict[str, Any]) -> None:
    condition = tree.read(stated, ACCOUNTS)
    assert tree.read(tree.written(condition), ACCOUNTS) == condition
    assert words.words(condition)


@given(TREES, ROWS)
def test_every_answer_has_a_reason(stated: dict[str, Any], row: dict[str, Any]) -> None:
    assert judging.judge(tree.read(stated, ACCOUNTS), row, as_of=TODAY).because


def test_it_reads_as_a_sentence() -> None:
    stated = {
        "all": [
            {"of": "industry", "is": "Retail"},
            {"any": [{"of": "metric.active_people", "below": 5}, {"of": "renewal_date", "within_days": 60}]},
            {"not": {"of": "tags", "has": "vip"}},
            {"of": "event.report.exported", "at_least": 3, "in_days": 28},
        ]
    }
    assert words.words(tree.read(stated, ACCOUNTS)) == (
        "Industry is Retail and (metric active_people is below 5 or renewal is within the next 60 days) "
        "and not (tags has vip) and event report.exported is at least 3 times in the last 28 days"
    )


def test_unknown_is_a_third_answer() -> None:
    low = {"of": "metric.active_people", "below": 5}
    retail = {"of": "industry", "is": "Retail"}

    def holds(stated: dict[str, Any], **row: Any) -> bool | None:
        return judging.judge(tree.read(stated, ACCOUNTS), row, as_of=TODAY).holds

    assert holds(low) is None
    assert holds({"not": low}) is None
    assert holds({"all": [low, retail]}, industry="Health") is False
    assert holds({"all": [low, retail]}, industry="Retail") is None
    assert holds({"any": [low, retail]}, industry="Retail") is True
    assert holds({"of": "metric.active_people", "known": False}) is True


def test_the_reasons_are_those_that_decided() -> None:
    stated = {"any": [{"of": "arr", "above": 5}, {"of": "metric.active_people", "below": 5}]}
    row = {"arr": 3.0, "metric.active_people": 2.0}
    assert judging.judge(tree.read(stated, ACCOUNTS), row, as_of=TODAY).because == (
        "Metric active_people 2 (below 5)",
    )


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ("Retail", "must be a table"),
        ({"all": []}, "at least one"),
        ({"all": [{"of": "arr", "above": 1}], "any": []}, "exactly one of"),
        ({"of": "industri", "is": "Retail"}, "Did you mean industry"),
        ({"of": "arr", "is": "much"}, "ask with exactly one of equals, above"),
        ({"of": "arr", "above": "much"}, "takes a number"),
        ({"of": "arr", "above": True}, "takes a number"),
        ({"of": "arr", "above": float("nan")}, "takes a number"),
        ({"of": "band", "is": "orange"}, "one of green, yellow, red, unknown"),
        ({"of": "renewal_date", "before": "31/02/2026"}, "YYYY-MM-DD"),
        ({"of": "renewal_date", "within_days": -1}, "whole number of days"),
        ({"of": "event.x", "above": 1}, 'needs "in_days"'),
        ({"of": "arr", "above": 1, "in_days": 3}, 'leave "in_days" out'),
        ({"any": [{"not": {"of": "arr"}}]}, "the condition.any[0].not: arr: ask with"),
        ({"all": [{"of": "arr", "above": 1}] * 101}, "100 are the most"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_place(stated: Any, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        tree.read(stated, ACCOUNTS)
    assert says in str(refused.value)


def test_a_tree_without_end_is_refused() -> None:
    stated: dict[str, Any] = {"of": "arr", "above": 1}
    for _ in range(9):
        stated = {"not": stated}
    with pytest.raises(Invalid, match="deeper than"):
        tree.read(stated, ACCOUNTS)


def test_events_are_asked_about_their_properties() -> None:
    condition = tree.read(
        {"all": [{"of": "name", "is": "report.exported"}, {"of": "props.rows", "above": 10}]}, EVENTS
    )
    assert tree.subjects(condition) == {"name", "props.rows"}
    assert judging.judge(condition, {"name": "report.exported", "props.rows": "12"}, as_of=TODAY).holds
