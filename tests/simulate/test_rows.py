"""Exports tell what was known at a moment, and told day by day they add up to the whole."""

import csv
import io
from datetime import date

import pytest

from keepwell.simulate import rows, world
from keepwell.simulate.span import DAY_SECONDS

END = 730 * DAY_SECONDS
CUT = 700 * DAY_SECONDS


@pytest.fixture(scope="module")
def book() -> world.World:
    return world.make(seed=2, last_day=date(2026, 6, 14), accounts=60, events=20_000)


def _table(export: rows.Export, found: list[tuple[rows.Cell, ...]]) -> dict[str, dict[str, str]]:
    read = csv.DictReader(io.StringIO(export.text(found)))
    return {row[next(iter(export.columns))]: row for row in read}


@pytest.mark.parametrize("export", rows.EXPORTS, ids=lambda export: export.kind)
def test_told_in_parts_it_ends_as_told_at_once(book: world.World, export: rows.Export) -> None:
    whole = _table(export, list(export.rows(book, rows.ALWAYS, END)))
    parts = _table(export, list(export.rows(book, rows.ALWAYS, CUT)))
    for day in range(700, 730):
        parts |= _table(export, list(export.rows(book, day * DAY_SECONDS, (day + 1) * DAY_SECONDS)))
    assert whole == parts
    assert whole


def test_nothing_is_told_before_it_happened(book: world.World) -> None:
    now = book.span.moment(CUT).isoformat()
    for export in (rows.TICKETS, rows.SURVEYS, rows.TOUCHPOINTS, rows.DEPARTURES):
        moments = [column for column in export.columns if column.endswith("_at") or column == "at"]
        for row in _table(export, list(export.rows(book, rows.ALWAYS, CUT))).values():
            assert all(row[column] < now for column in moments)


def test_a_contract_is_told_at_the_terms_it_was_signed_on(book: world.World) -> None:
    changed = next(contract for contract in book.contracts if len(contract.changes) > 1)
    signed = _table(rows.CONTRACTS, list(rows.CONTRACTS.rows(book, rows.ALWAYS, END)))[changed.key]
    amended = _table(rows.AMENDED, list(rows.AMENDED.rows(book, rows.ALWAYS, END)))[changed.key]
    assert signed["arr"] == str(changed.changes[0].arr)
    assert amended["arr"] == str(changed.changes[-1].arr)
    assert {**signed, "arr": "", "seats": ""} == {**amended, "arr": "", "seats": ""}
