"""Movements of the book, as known at any moment; and the life of each contract."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from keepwell.intake.actions import undoing
from keepwell.kernel.errors import NotFound
from keepwell.kernel.money import Money
from keepwell.ledger.actions import contracts, events, relay
from keepwell.ledger.event import Event
from keepwell.ledger.models import Contract
from keepwell.ledger.queries import movements
from tests import world
from tests.faces.api.test_rest import Api
from tests.intake import files
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
START = date(2026, 1, 1)


def sign(at: Any = NOW, **terms: Any) -> None:
    row = {"key": "c1", "account": "elm", "currency": "USD", "start_date": START} | terms
    contracts.upsert(rows=[row], source="crm", by=TESTS, at=at, vouched=True)
    relay.all_waiting(at=at)


def told(cast: world.World, **asked: Any) -> list[tuple[str, int, date]]:
    given = {"seen_by": cast.scope("ada"), "until": TODAY + 30 * DAY} | asked
    return [(m.kind, int(m.amount.amount), m.day) for m in movements.of_book(**given)]


def test_new_terms_move_from_the_day_they_came_and_the_past_as_known_stays() -> None:
    cast = world.build()
    sign(arr=1000)
    sign(at=NOW + 2 * DAY, arr=1500)
    assert told(cast) == [("new", 1000, START), ("expansion", 500, TODAY + 2 * DAY)]
    assert told(cast, known_by=NOW + DAY) == [("new", 1000, START)]
    assert told(cast, since=TODAY) == [("expansion", 500, TODAY + 2 * DAY)]
    assert told(cast, until=TODAY) == [("new", 1000, START)]
    assert told(cast, seen_by=cast.scope("cleo")) == []


def test_a_renewal_that_is_told_late_counts_from_its_start() -> None:
    cast = world.build()
    sign(arr=1000, start_date=START, end_date=date(2026, 6, 1))
    lapsed = told(cast)
    assert lapsed[-1] == ("churn", -1000, date(2026, 6, 1))
    sign(at=NOW + DAY, arr=1200, start_date=date(2026, 6, 1), end_date=date(2027, 6, 1))
    assert told(cast) == [("new", 1000, START), ("expansion", 200, date(2026, 6, 1))]
    assert told(cast, known_by=NOW + DAY) == lapsed


def test_terms_that_last_longer_than_those_that_ended_count_from_that_end() -> None:
    cast = world.build()
    sign(arr=1000, end_date=date(2026, 6, 1))
    sign(at=NOW + DAY, end_date=date(2027, 6, 1))
    assert told(cast) == [("new", 1000, START)]


def test_a_renewal_that_is_told_early_waits_for_its_start() -> None:
    cast = world.build()
    sign(arr=1000, end_date=TODAY + 9 * DAY)
    sign(at=NOW + DAY, arr=1500, start_date=TODAY + 9 * DAY, end_date=date(2027, 6, 1))
    sign(at=NOW + 2 * DAY, seats=12)
    assert told(cast) == [("new", 1000, START), ("expansion", 500, TODAY + 9 * DAY)]


def test_terms_hold_from_the_day_that_is_told_with_them() -> None:
    cast = world.build()
    sign(arr=1000)
    sign(at=NOW + DAY, arr=1500, effective=date(2026, 4, 1))
    assert told(cast) == [("new", 1000, START), ("expansion", 500, date(2026, 4, 1))]
    sign(at=NOW + 2 * DAY, arr=1500, effective=date(2026, 4, 1))
    assert Contract.objects.get(key="c1").terms_since == date(2026, 4, 1)
    sign(at=NOW + 3 * DAY, effective=date(2026, 5, 1))
    assert told(cast) == [("new", 1000, START), ("expansion", 500, date(2026, 5, 1))]
    sign(at=NOW + 4 * DAY, arr=900, effective=date(2026, 3, 1))
    assert told(cast) == [("new", 1000, START), ("contraction", -100, date(2026, 3, 1))]
    sign(at=NOW + 5 * DAY, arr=800, effective=START)
    assert told(cast) == [("new", 800, START)]
    assert told(cast, known_by=NOW + 2 * DAY) == [("new", 1000, START), ("expansion", 500, date(2026, 4, 1))]
    row = {"key": "c1", "account": "elm", "arr": 1, "effective": TODAY + 30 * DAY}
    (verdict,) = contracts.upsert(rows=[row], source="crm", by=TESTS, at=NOW, vouched=True)
    assert "still to come" in verdict.reason


def test_an_import_of_new_terms_that_is_undone_moves_nothing() -> None:
    cast = world.build()
    sign(arr=1000)
    batch = files.imported(
        "contracts", "key,account,arr,start_date,effective\nc1,elm,1500,2026-01-01,2026-04-01\n"
    )
    relay.all_waiting(at=NOW)
    assert told(cast)[-1] == ("expansion", 500, date(2026, 4, 1))
    undoing.run(undo_id=undoing.start(batch_id=batch.batch_id, by=TESTS, at=NOW), at=NOW + DAY)
    relay.all_waiting(at=NOW + DAY)
    assert told(cast) == [("new", 1000, START)]


def test_a_departure_is_churn_on_its_day() -> None:
    cast = world.build()
    sign(arr=1000)
    gone = Event(id="x", account="elm", name="account.churned", at=NOW, source="crm", vouched=True)
    events.append(events=[gone], received_at=NOW)
    relay.all_waiting(at=NOW)
    assert told(cast)[-1] == ("churn", -1000, TODAY)


def test_movements_say_which_contracts_moved_and_levels_add_them_up() -> None:
    cast = world.build()
    sign(arr=1000, end_date=TODAY)
    sign(key="c2", arr=1200, start_date=TODAY)
    (_, change) = movements.of_book(seen_by=cast.scope("ada"), until=TODAY + DAY, account="elm")
    assert (change.kind, change.contracts) == ("expansion", ("c1", "c2"))
    found = movements.levels(account_id=cast.elm.pk, seen_by=cast.scope("ada"), until=TODAY + DAY)
    assert [(level.day, level.kind, level.arr) for level in found] == [
        (START, "new", Money(Decimal(1000), "USD")),
        (TODAY, "expansion", Money(Decimal(1200), "USD")),
    ]
    assert movements.levels(account_id=cast.elm.pk, seen_by=cast.scope("cleo"), until=TODAY + DAY) == ()


def test_the_life_of_a_contract_says_what_changed_and_when() -> None:
    cast = world.build()
    sign(arr=1000, seats=10, products=["Core"], limits={"api_calls": 5.0})
    sign(at=NOW + DAY, seats=20, limits={"api_calls": 9.0}, term_months=24, auto_renew=True)
    sign(at=NOW + 2 * DAY, fields={"colour": "red"})
    asked = {"account_id": cast.elm.pk, "until": NOW + 3 * DAY}
    last, first = movements.changes(**asked, seen_by=cast.scope("ada"))
    assert first.is_first
    assert first.after["products"] == ["Core"]
    assert (last.at, last.before) == (NOW + DAY, {"seats": 10, "limits": {"api_calls": 5.0}})
    assert last.after == {"seats": 20, "limits": {"api_calls": 9.0}, "auto_renew": True, "term_months": 24}
    assert movements.changes(**asked, seen_by=cast.scope("cleo")) == ()


def test_programs_read_movements_page_by_page_and_as_csv() -> None:
    cast = world.build()
    sign(arr=1000)
    sign(key="c2", account="birch", arr=200)
    sign(at=NOW + DAY, arr=1500)
    ada = Api(cast.ada)
    first = ada.get("/movements", limit=2).json()
    assert [(row["account"], row["kind"]) for row in first["items"]] == [("birch", "new"), ("elm", "new")]
    second = ada.get("/movements", limit=2, after=first["next"]).json()
    assert [(row["account"], row["amount"]) for row in second["items"]] == [
        ("elm", {"amount": "500.00", "currency": "USD"})
    ]
    assert second["next"] is None
    then = ada.get("/movements", account="elm", known_at=NOW.isoformat()).json()
    assert [row["kind"] for row in then["items"]] == ["new"]
    lines = ada.get("/movements.csv", account="elm").getvalue().decode().splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("elm,Elm,new,2026-01-01,1000.00,USD,")
    assert Api(cast.cleo).get("/movements", account="elm").status_code == 404


def test_an_account_that_may_not_be_seen_does_not_exist() -> None:
    cast = world.build()
    with pytest.raises(NotFound):
        movements.of_book(seen_by=cast.scope("cleo"), until=TODAY, account="elm")
