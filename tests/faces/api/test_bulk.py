"""Many rows in one call: as many questions to the database as few rows, and the verdicts in order."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keepwell.access.models import AuditEntry
from keepwell.intake.kinds import KINDS
from keepwell.intake.kinds.base import ImportKind
from tests import world
from tests.faces.api.examples import EXAMPLES
from tests.faces.api.test_records import Api, each_kind, settle

pytestmark = pytest.mark.django_db


def drawn(kind: ImportKind, row: dict[str, Any], count: int, *, first: int = 0) -> list[dict[str, Any]]:
    apart = EXAMPLES[kind.slug].apart
    return [row | {"key": f"r{i:05}"} | apart(i) for i in range(first, first + count)]


def asked(api: Api, kind: ImportKind, rows: list[dict[str, Any]]) -> tuple[list[str], dict[str, Any]]:
    with CaptureQueriesContext(connection) as questions:
        answer = api.ask("post", f"{kind.slug}/bulk", {"rows": rows})
    assert answer.status_code == 200, answer.content
    said = [
        question["sql"] for question in questions if "ledger_erasedmark" not in question["sql"]
    ]  # known for seconds
    return [re.sub(r"\d+", "#", sql)[:40] for sql in said], answer.json()


@each_kind
def test_many_rows_ask_as_much_as_few(kind: ImportKind) -> None:
    cast = world.build()
    api = Api(cast.root)
    row = settle(api, kind)
    changed = row | EXAMPLES[kind.slug].change
    asked(api, kind, drawn(kind, row, 2))  # what is asked once a process is asked now
    few, many = {}, {}
    for counts, size, first in ((few, 5, 2), (many, 150, 7)):
        counts["made"], told = asked(api, kind, drawn(kind, row, size, first=first))
        assert told["created"] == size, told["verdicts"][0]
        counts["changed"], told = asked(api, kind, drawn(kind, changed, size, first=first))
        assert told["updated"] == size, told["verdicts"][0]
        counts["left"], told = asked(api, kind, drawn(kind, changed, size, first=first))
        assert told["unchanged"] == size
    assert few == many


@pytest.mark.parametrize("kind", [KINDS["tickets"]], ids=["tickets"])
def test_ten_thousand_rows_are_taken_at_once(kind: ImportKind) -> None:
    cast = world.build()
    api = Api(cast.root)
    row = settle(api, kind)
    rows = drawn(kind, row, 10_000)
    for place in (0, 5_000, 9_999):
        rows[place] |= {"opened_at": "never"}
    before = AuditEntry.objects.filter(deed="ticket.upsert").count()
    questions, told = asked(api, kind, rows)
    assert (told["created"], told["rejected"]) == (9_997, 3)
    assert [v["key"] for v in told["verdicts"]] == [row["key"] for row in rows]
    assert [i for i, v in enumerate(told["verdicts"]) if v["outcome"] == "rejected"] == [0, 5_000, 9_999]
    assert AuditEntry.objects.filter(deed="ticket.upsert").count() == before + 1
    assert len(questions) < 40


def test_one_database_failure_costs_its_row_alone() -> None:
    cast = world.build()
    api = Api(cast.root)
    row = settle(api, KINDS["invoices"])
    rows = drawn(KINDS["invoices"], row, 9)
    rows[4] |= {"amount": "9999999999999.99", "currency": "EUR"}
    rows[6] |= {"amount": "1e999"}
    _, told = asked(api, KINDS["invoices"], rows)
    assert [v["outcome"] for v in told["verdicts"]].count("created") >= 7
    assert told["verdicts"][6]["outcome"] == "rejected"
