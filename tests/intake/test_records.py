"""Rows that arrive in any portions, in JSON or as a file, end as the same rows and the same past."""

import csv
import io
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from keepwell.intake.actions import records
from keepwell.intake.kinds import KINDS
from keepwell.intake.queries import records as queries
from keepwell.kernel import errors
from keepwell.ledger import frames
from keepwell.ledger.actions import relay
from tests import world
from tests.intake import files
from tests.world import NOW, TESTS

MOMENTS = st.sampled_from([f"2026-0{month}-11T09:00:00Z" for month in range(1, 6)])
MAYBE = st.none() | MOMENTS
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "key": st.sampled_from(["a", "b", "c"]),
            "account": st.sampled_from(["elm", "ash"]),
            "text": TEXTS.filter(lambda text: bool(text.strip())),
        },
        optional={"agreed_at": MAYBE, "confirmed_at": MOMENTS},
    ),
    max_size=8,
)


def put(rows: list[dict[str, Any]], kind: str = "criteria", **how: Any) -> list[str]:
    verdicts = records.put(kind=kind, rows=rows, source="tests", by=TESTS, at=how.pop("at", NOW), **how)
    return [verdict.outcome for verdict in verdicts]


def standing(kind: str = "criteria") -> list[tuple[str, Any]]:
    return [(record.key, dict(record.values)) for record in queries.rows(kind=kind, seen_by=TESTS)]


def past() -> list[tuple[str, ...]]:
    relay.all_waiting(at=NOW)
    names = ["criterion.agreed", "criterion.confirmed"]
    found = frames.events(until=NOW + timedelta(days=1), names=names).collect().to_native()
    return sorted((r["account"], r["name"], str(r["at"]), r["props"]) for r in found.iter_rows(named=True))


def cleared() -> None:
    for record in list(queries.rows(kind="criteria", seen_by=TESTS)):
        records.remove(kind="criteria", key=record.key, by=TESTS, at=NOW)


@pytest.mark.usefixtures("_own_lake", "db")
class Portions(TestCase):
    """Hypothesis draws rows and where to cut them."""

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(rows=ROWS, cut=st.integers(0, 8), again=st.booleans())
    def test_rows_in_two_calls_are_rows_in_one(
        self, rows: list[dict[str, Any]], cut: int, again: bool
    ) -> None:
        with tempfile.TemporaryDirectory() as folder, self.settings(KEEPWELL_DATA=Path(folder)):
            self._in_portions(rows, cut, again=again)

    def _in_portions(self, rows: list[dict[str, Any]], cut: int, *, again: bool) -> None:
        world.build()
        put(rows)
        once, told = standing(), past()
        cleared()
        assert past() == [], "what is removed is not told any more"
        put(rows[:cut])
        if again:
            put(rows[:cut])
        put(rows[cut:])
        assert standing() == once
        assert past() == told
        assert set(put(rows[-1:])) <= {"unchanged"}

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(rows=ROWS, custom=st.dictionaries(TEXTS, TEXTS, max_size=3))
    def test_any_text_survives_the_way_out_and_in(
        self, rows: list[dict[str, Any]], custom: dict[str, str]
    ) -> None:
        world.build()
        custom = {f"own {name}".strip(): value for name, value in custom.items()}
        put([row | {"fields": custom} for row in rows])
        before = standing()
        text = "".join(queries.as_csv(kind="criteria", seen_by=TESTS))
        assert len(list(csv.reader(io.StringIO(text)))) == len(before) + 1
        if before:
            batch = files.imported("criteria", text)
            assert files.counts(batch) == {"unchanged": len(before)}, files.reasons(batch)
        assert standing() == before


@pytest.mark.django_db
def test_a_promise_that_moves_keeps_what_was_promised_first() -> None:
    world.build()
    row = {"key": "m", "account": "elm", "title": "Go-live", "due_date": "2026-05-01"}
    assert put([row], "milestones", at=NOW) == ["created"]
    assert put([row | {"due_date": "2026-05-15"}], "milestones", at=NOW + timedelta(days=1)) == ["updated"]
    assert put([row | {"due_date": "2026-05-15"}], "milestones", at=NOW + timedelta(days=2)) == ["unchanged"]
    last = row | {"due_date": "2026-05-10", "done_date": "2026-05-20"}
    assert put([last], "milestones", at=NOW + timedelta(days=3)) == ["updated"]
    relay.all_waiting(at=NOW)
    names = ["milestone.planned", "milestone.moved", "milestone.done"]
    found = frames.events(until=NOW + timedelta(days=9), names=names).collect().to_native().sort("at")
    assert [(r["name"], r["value"]) for r in found.iter_rows(named=True)] == [
        ("milestone.done", 10.0),
        ("milestone.planned", None),
        ("milestone.moved", 14.0),
        ("milestone.moved", -5.0),
    ]


@pytest.mark.django_db
def test_an_integration_tells_every_state_it_had() -> None:
    world.build()
    row = {"key": "i", "account": "elm", "name": "Sync", "state": "planned", "since": "2026-01-01"}
    for state, since in (("planned", "2026-01-01"), ("connected", "2026-02-01"), ("failing", "2026-03-01")):
        put([row | {"state": state, "since": since}], "integrations")
    put(
        [row | {"state": "failing", "since": "2026-03-05"}], "integrations"
    )  # it failed four days later than was said
    relay.all_waiting(at=NOW)
    found = frames.events(until=NOW, names=["integration.changed"]).collect().to_native().sort("at")
    assert [(r["feature"], f"{r['at']:%m-%d}") for r in found.iter_rows(named=True)] == [
        ("planned", "01-01"),
        ("connected", "02-01"),
        ("failing", "03-05"),
    ]


@pytest.mark.django_db
def test_who_came_and_who_declined_is_told_of_each() -> None:
    cast = world.build()
    row = {"key": "p", "account": "elm", "kind": "meeting", "held_at": "2026-06-01T09:00:00Z"}
    people = {"invited": ["dora", "emil"], "attended": "dora", "declined_by": ["emil"]}
    put([row | people], "touchpoints")
    relay.all_waiting(at=NOW)
    names = ["touchpoint.held", "touchpoint.attended", "touchpoint.declined"]
    found = frames.events(until=NOW, names=names).collect().to_native().sort("name")
    assert [(r["name"], r["person"]) for r in found.iter_rows(named=True)] == [
        ("touchpoint.attended", "dora"),
        ("touchpoint.declined", "emil"),
        ("touchpoint.held", ""),
    ]
    put([row | {"held_at": "2026-05-01T09:00:00Z"}], "touchpoints")
    cast.elm.refresh_from_db()
    assert cast.elm.last_touch_at == datetime(2026, 5, 1, 9, tzinfo=UTC), "a correction moves it back"
    records.remove(kind="touchpoints", key="p", by=TESTS, at=NOW)
    cast.elm.refresh_from_db()
    assert cast.elm.last_touch_at is None


@pytest.mark.django_db
def test_ada_writes_rows_of_her_accounts_alone() -> None:
    cast = world.build()
    ada, cleo = cast.scope("ada"), cast.scope("cleo")
    said = {"key": "r", "account": "elm", "title": "Late", "raised_at": "2026-06-01"}
    records.create(kind="risks", said=said, source="tests", by=ada, at=NOW)
    for mine in (said, said | {"account": "nobody"}):
        with pytest.raises(errors.Refused, match=r"is not known|already"):
            records.create(kind="risks", said=mine, source="tests", by=cleo, at=NOW)
    with pytest.raises(errors.NotFound):
        records.update(kind="risks", key="r", said={"title": "Mine"}, source="tests", by=cleo, at=NOW)
    with pytest.raises(errors.Forbidden):
        records.put(kind="risks", rows=[said], source="tests", by=ada, at=NOW)


@pytest.mark.django_db
def test_a_row_names_no_row_of_another_account() -> None:
    world.build()
    put([{"key": "m", "account": "ash", "title": "Beta"}], "milestones")
    rows = [{"key": "k", "account": "elm", "milestone": "m", "text": "Fast"}]
    verdict = records.put(kind="criteria", rows=rows, source="tests", by=TESTS, at=NOW)[0]
    assert (verdict.outcome, "is not known" in verdict.reason) == ("rejected", True)


def test_a_parser_tells_its_form() -> None:
    for kind in KINDS.values():
        for field in kind.fields:
            assert field.form


@pytest.mark.django_db
def test_slippage_goes_out_and_is_not_taken_in() -> None:
    world.build()
    row = {"key": "m", "account": "elm", "title": "Go-live", "due_date": "2026-05-01"}
    put([row], "milestones", at=NOW)
    put([row | {"due_date": "2026-05-15"}], "milestones", at=NOW + timedelta(days=1))
    (record,) = queries.rows(kind="milestones", seen_by=TESTS)
    follows = {name: record.values[name] for name in ("times_moved", "slipped_days")}
    assert follows == {"times_moved": 1, "slipped_days": 14}
    text = "".join(queries.as_csv(kind="milestones", seen_by=TESTS))
    assert "first_due_date,times_moved,slipped_days" in text
    other = text.replace("2026-05-01,1,14", "2020-01-01,7,99")
    assert other != text
    batch = files.imported("milestones", other)
    assert files.counts(batch) == {"unchanged": 1}, files.reasons(batch)
    (again,) = queries.rows(kind="milestones", seen_by=TESTS)
    assert (again.values, again.fields) == (record.values, {})
    assert put([row | {"first_due_date": "2020-01-01", "due_date": "2026-05-15"}], "milestones") == [
        "unchanged"
    ]
    put([row | {"due_date": "2026-05-15", "done_date": "2026-05-03"}], "milestones")
    (done,) = queries.rows(kind="milestones", seen_by=TESTS)
    assert done.values["slipped_days"] == 2
