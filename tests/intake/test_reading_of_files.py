"""How a file writes days and decimals is seen, chosen and remembered; who vouches is kept; files go when they may."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from keepwell.access.models import AuditEntry
from keepwell.intake import files as kept_files
from keepwell.intake import formats, kinds, mapping, models
from keepwell.intake.actions import imports, remembered, tidying, vouching
from keepwell.intake.actions import sources as source_actions
from keepwell.intake.formats import Formats
from keepwell.intake.queries import mappings, vouchings
from keepwell.kernel import errors
from keepwell.ledger import models as ledger
from keepwell.ledger.actions import relay
from tests.intake.files import counts, found, imported, prepared, reasons
from tests.world import NOW, TESTS

LATER = NOW + timedelta(days=100)
CONTRACTS = "key;account;arr;start_date\nc1;birch;1.234,50;03/02/2026\n"
US, EU = Formats("month_first", "point"), Formats("day_first", "comma")


@pytest.mark.parametrize(
    ("how", "cell", "form", "plain"),
    [
        (EU, "31/12/2025", "day", "2025-12-31"),
        (EU, "3.2.2026", "day", "2026-02-03"),
        (EU, "03-02-2026 9:30", "moment", "2026-02-03T09:30"),
        (EU, "2026-02-03", "day", "2026-02-03"),
        (US, "02/03/2026", "day", "2026-02-03"),
        (EU, "1.234.567,89", "amount", "1234567.89"),
        (EU, "€ 12,5", "amount", "€ 12.5"),
        (EU, "-7", "number", "-7"),
        (US, "1,234.50", "amount", "1,234.50"),
        (EU, "3,5", "text", "3,5"),
    ],
)
def test_cells_are_read_as_the_file_writes_them(how: Formats, cell: str, form: str, plain: str):
    assert how.normal(cell, form) == plain


@pytest.mark.parametrize(("how", "cell", "form"), [(EU, "31/31/2026", "day"), (EU, "1,234.50", "amount")])
def test_a_cell_that_breaks_the_format_is_refused_as_it_stands(how: Formats, cell: str, form: str):
    with pytest.raises(errors.Invalid, match=cell[:4]):
        how.normal(cell, form)


@pytest.mark.parametrize(
    ("days", "figures", "days_as", "decimals", "ambiguous"),
    [
        (["2026-01-02"], ["1200.50"], "iso", "point", ""),
        (["13/01/2026", "01/02/2026"], [], "day_first", "point", ""),
        (["01/13/2026"], ["1,234.50"], "month_first", "point", ""),
        (["01/02/2026"], ["1.234,50"], "day_first", "comma", "01/02/2026"),
        (["1.2.2026"], ["12,5"], "day_first", "comma", ""),
    ],
)
def test_formats_are_seen_in_the_cells(days, figures, days_as, decimals, ambiguous):
    guess = formats.guess(days=days, figures=figures)
    assert (guess.formats.days, guess.formats.decimals, guess.ambiguous) == (days_as, decimals, ambiguous)


def test_a_file_that_looks_like_another_kind_is_told():
    tickets = ("ticket_id", "account_id", "subject", "severity", "opened_at", "resolved_at")
    assert mapping.likelier(kinds.KINDS["surveys"], tickets) == "tickets"
    assert mapping.likelier(kinds.KINDS["tickets"], tickets) == ""
    assert mapping.likelier(kinds.KINDS["accounts"], ("key", "name")) == ""


@pytest.mark.django_db
def test_days_and_decimals_are_proposed_read_and_remembered():
    imported("accounts", "key,name\nbirch,Birch\n")
    batch_id = prepared("contracts", CONTRACTS)
    first = imports.propose(batch_id)
    assert (first.formats, first.ambiguous, first.used_at) == (EU, "03/02/2026", None)
    chosen = dict(first.mapping) | {"seats": "arr"}
    del chosen["arr"]
    with pytest.raises(errors.Invalid):
        start(batch_id, chosen, {"days": "roman"})
    start(batch_id, dict(first.mapping), first.formats.plain())
    imports.run(batch_id=batch_id, at=NOW)
    assert counts(found(batch_id)) == {"created": 1}, reasons(found(batch_id))
    contract = ledger.Contract.objects.get()
    assert (contract.arr, contract.start_date) == (Decimal("1234.50"), date(2026, 2, 3))
    second = imports.propose(prepared("contracts", CONTRACTS.replace("c1", "c2")))
    assert (second.formats, second.ambiguous, second.used_at) == (EU, "", NOW)
    [used] = [one for one in mappings.used(seen_by=TESTS) if one.kind == "contracts"]
    remembered.forget(mapping_id=used.mapping_id, by=TESTS, at=NOW)
    assert imports.propose(prepared("contracts", CONTRACTS)).used_at is None


def start(batch_id: int, chosen: dict[str, str], how: dict[str, str]) -> None:
    imports.start(
        batch_id=batch_id,
        mapping=chosen,
        constants={},
        dry_run=False,
        vouched=False,
        by=TESTS,
        at=NOW,
        formats=how,
    )


@pytest.mark.django_db
def test_who_vouches_is_kept_and_how_much_rests_on_it():
    events = "id,account,name,at\ne1,birch,login,2026-05-01\ne2,birch,login,2026-05-02\n"
    batch = imported("events", events, vouched=True)
    imported("events", events.replace("e1", "e3").replace("e2", "e4"))
    relay.all_waiting(at=NOW)
    [share] = vouchings.shares(seen_by=TESTS)
    assert (share.source, share.events, share.vouched, share.percent) == ("fernhill", 4, 2, 50.0)
    [said] = vouchings.said(seen_by=TESTS)
    assert (said.batch_id, said.by, said.vouches, said.at) == (batch.batch_id, "tests", True, NOW)
    source_actions.create(slug="app", name="App", vouches=False, by=TESTS, at=NOW)
    vouching.switch(slug="app", vouches=True, by=TESTS, at=LATER, said="Its log is complete.")
    assert models.Source.objects.get(slug="app").vouches
    [switched] = vouchings.said(seen_by=TESTS, source="app")
    assert (switched.note, switched.batch_id) == ("Its log is complete.", None)
    assert AuditEntry.objects.filter(deed="source.vouch").count() == 1
    with pytest.raises(errors.Conflict):
        vouching.switch(slug="app", vouches=True, by=TESTS, at=LATER)


@pytest.mark.django_db
def test_uploads_and_kept_files_are_deleted_by_hand_or_after_a_while():
    upload = prepared("accounts", "key,name\noak,Oak\n")
    path = kept_files.path(models.Batch.objects.get(pk=upload).file)
    tidying.discard(batch_id=upload, by=TESTS, at=NOW)
    assert not path.exists()
    assert not models.Batch.objects.filter(pk=upload).exists()
    batch = imported("accounts", "key,name\noak,Oak\n")
    with pytest.raises(errors.Conflict):
        tidying.discard(batch_id=batch.batch_id, by=TESTS, at=NOW)
    assert tidying.forget_old(at=NOW + timedelta(days=89)) == 0
    path = kept_files.path(models.Batch.objects.get(pk=batch.batch_id).file)
    assert tidying.forget_old(at=LATER) == 1
    assert not path.exists()
    assert found(batch.batch_id).forgotten_at == LATER
    with pytest.raises(errors.Conflict):
        tidying.forget_file(batch_id=batch.batch_id, by=TESTS, at=LATER)


def test_a_moment_keeps_its_time_of_day():
    assert Formats("day_first").normal("31/01/2026 17:45:00", "moment") == "2026-01-31T17:45:00"
