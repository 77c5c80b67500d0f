"""Owners of every role come in by file and by call, each from a day on, and go out as they came in."""

import importlib
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from keepwell.intake.actions import records, undoing
from keepwell.intake.queries import records as queries
from keepwell.ledger.actions import accounts
from keepwell.ledger.models import Ownership
from keepwell.ledger.queries import accounts as reads
from tests import world
from tests.intake import files
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db
FILE = """account,role,email,since,until
elm,Account manager,ben@fernhill.test,2026-03-01,
elm,csm,ben@fernhill.test,2025-01-01,
elm,executive sponsor,root@fernhill.test,2025-02-01,2026-02-01
elm,account manager,cleo@fernhill.test,2025-03-01,
"""


def spans(role: str = "") -> list[tuple[str, str, str, str]]:
    rows = (
        Ownership.objects.filter(account__key="elm").select_related("user").order_by("role", "since", "until")
    )
    found = [(row.role, str(row.user), f"{row.since}", f"{row.until or ''}") for row in rows]
    return [row for row in found if not role or row[0] == role]


def put(**row: Any) -> tuple[str, str]:
    told = {"account": "elm", "role": "pm", "user": "ben@fernhill.test", **row}
    (verdict,) = records.put(kind="ownerships", rows=[told], source="tests", by=TESTS, at=NOW)
    return verdict.outcome, verdict.reason


def test_every_role_comes_in_by_file_and_keeps_its_history() -> None:
    world.build()
    batch = files.imported("ownerships", FILE)
    assert files.counts(batch) == {"created": 4}, files.reasons(batch)
    assert spans() == [
        ("csm", "Ben", "2025-01-01", "2026-06-15"),
        ("csm", "Ada", "2026-06-15", ""),
        ("executive", "Root", "2025-02-01", "2026-02-01"),
        ("sales", "Cleo", "2025-03-01", "2026-03-01"),
        ("sales", "Ben", "2026-03-01", ""),
    ]
    shown = reads.find(key="elm", seen_by=TESTS).owners
    assert {(owner.role, owner.name) for owner in shown} == {("csm", "Ada"), ("sales", "Ben")}
    again = files.imported("ownerships", FILE)
    assert files.counts(again) == {"unchanged": 4}, "an end that the next one makes is no news"


def test_what_goes_out_comes_in_unchanged() -> None:
    world.build()
    files.imported("ownerships", FILE)
    before = spans()
    text = "".join(queries.as_csv(kind="ownerships", seen_by=TESTS))
    batch = files.imported("ownerships", text)
    assert files.counts(batch) == {"unchanged": len(before) + 3}, files.reasons(batch)
    assert spans() == before


def test_an_import_that_is_undone_gives_the_days_back() -> None:
    world.build()
    assert put(since="2025-01-01")[0] == "created"
    before = spans()
    batch = files.imported(
        "ownerships",
        "account,role,user,since\nelm,pm,root@fernhill.test,2026-01-01\nelm,pm,ada@fernhill.test,2026-02-01\n",
    )
    assert [row[3] for row in spans("pm")] == ["2026-01-01", "2026-02-01", ""]
    undo = undoing.start(batch_id=batch.batch_id, by=TESTS, at=NOW)
    undoing.run(undo_id=undo, at=NOW)
    assert spans() == before


def test_what_cannot_be_is_refused_in_words() -> None:
    world.build()
    assert put(since="2025-01-01", until="2025-06-01")[0] == "created"
    assert "overlaps" in put(since="2025-05-01", user="ada@fernhill.test")[1]
    assert "overlaps" in put(since="2024-05-01", until="2025-02-01", user="ada@fernhill.test")[1]
    assert put(key="own", since="2025-01-01")[1].endswith("Change that one.")
    assert "still to come" in put(since="2027-01-01")[1]
    assert "cannot sign in" in put(since="2026-01-01", user="nobody@fernhill.test")[1]
    assert 'account "oak" is not known' in put(since="2026-01-01", account="oak")[1]
    assert (
        "another account or role"
        in put(key=Ownership.objects.get(role="pm").key, role="sales", since="2026-01-01")[1]
    )
    assert put(since="2024-05-01")[0] == "created", "without an end it lasts until the next one begins"
    assert [row[2:] for row in spans("pm")] == [("2024-05-01", "2025-01-01"), ("2025-01-01", "2025-06-01")]


def test_who_is_named_and_replaced_on_one_day_stays_in_the_history() -> None:
    cast = world.build()
    for who in (cast.ben, cast.ada, cast.ben):
        accounts.assign(account=cast.elm, user=who, role="csm", by=TESTS, at=NOW)
    today = ("2026-06-15", "2026-06-15")
    assert sorted(spans()) == [
        ("csm", "Ada", *today), ("csm", "Ada", *today), ("csm", "Ben", "2026-06-15", ""), ("csm", "Ben", *today)
    ]  # fmt: skip
    text = "".join(queries.as_csv(kind="ownerships", seen_by=TESTS))
    assert set(files.counts(files.imported("ownerships", text))) == {"unchanged"}
    before = sorted(spans())
    Ownership.objects.all().delete()
    assert set(files.counts(files.imported("ownerships", text))) == {"created"}
    assert sorted(spans()) == before
    accounts.assign(account=cast.elm, user=cast.ada, role="csm", by=TESTS, at=NOW + timedelta(days=1))
    assert spans()[-2:] == [("csm", "Ben", "2026-06-15", "2026-06-16"), ("csm", "Ada", "2026-06-16", "")]
    assert Ownership.objects.get(until=None, account=cast.elm).since == date(2026, 6, 16)


def test_many_rows_ask_as_much_as_few(django_assert_max_num_queries: Any) -> None:
    world.build()
    put(since="2024-12-01")
    few = [row(n) for n in range(2)]
    many = [row(n) for n in range(2, 60)]
    with django_assert_max_num_queries(40) as told:
        records.put(kind="ownerships", rows=few, source="tests", by=TESTS, at=NOW)
    with django_assert_max_num_queries(len(told)):
        verdicts = records.put(kind="ownerships", rows=many, source="tests", by=TESTS, at=NOW)
    assert {verdict.outcome for verdict in verdicts} == {"created"}


def row(day: int) -> dict[str, Any]:
    """An owner from a day on."""
    since = date(2025, 1, 1) + timedelta(days=day)
    return {"account": "elm", "role": "pm", "user": "ben@fernhill.test", "since": str(since)}


def test_owners_of_an_earlier_version_get_keys_and_keep_their_days() -> None:
    cast = world.build()
    Ownership.objects.all().delete()
    told = [("a", TODAY, TODAY), ("b", TODAY, None), ("c", date(2025, 1, 1), TODAY)]
    for key, since, until in told:
        Ownership.objects.create(
            key=key, account=cast.elm, user=cast.ada, role="csm", since=since, until=until
        )
    with connection.cursor() as cursor:
        cursor.execute(importlib.import_module("keepwell.ledger.migrations.0015_keyed_owners").KEYS)
    rows = {(row.since, row.until): row for row in Ownership.objects.all()}
    assert rows[TODAY, None].key == f"elm:csm:{TODAY}"
    assert rows[TODAY, TODAY].key == f"elm:csm:{TODAY}:{rows[TODAY, TODAY].pk}"
    assert rows[date(2025, 1, 1), TODAY].ends == TODAY
    text = "".join(queries.as_csv(kind="ownerships", seen_by=TESTS))
    assert files.counts(files.imported("ownerships", text)) == {"unchanged": 3}
