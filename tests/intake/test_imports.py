"""Files go in row by row, each row with a verdict, and nothing is lost or counted twice."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from keepwell.intake import files as kept_files
from keepwell.intake.actions import imports
from keepwell.kernel import errors
from keepwell.ledger import models as ledger
from tests import outbox
from tests.intake.files import counts, found, imported, prepared, reasons, rejections, started
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db

ACCOUNTS = "key,name,since,colour\nbirch,Birch,2025-01-06,green\nwillow,Willow,,\n"
EVENTS = "id,account,name,at,value,screen\ne1,birch,report.exported,2026-06-01,3,home\n"


@pytest.fixture
def accounts() -> None:
    imported("accounts", ACCOUNTS)


def events(**wanted: object) -> list[outbox.Waiting]:
    return outbox.waiting(**wanted)


def test_accounts_are_created_updated_or_left_and_other_columns_are_kept():
    assert counts(imported("accounts", ACCOUNTS)) == {"created": 2}
    birch = ledger.Account.objects.get(key="birch")
    assert (birch.name, birch.since, birch.fields) == ("Birch", date(2025, 1, 6), {"colour": "green"})
    again = imported("accounts", ACCOUNTS.replace("Willow", "Willow & Sons"))
    assert counts(again) == {"updated": 1, "unchanged": 1}
    assert (again.rows_total, again.rows_done, again.percent, again.state) == (2, 2, 100, "done")


def test_a_key_that_comes_twice_is_a_duplicate_or_a_correction():
    batch = imported("accounts", "key,name\nbirch,Birch\nbirch,Birch\nbirch,Birch Ltd\n")
    assert counts(batch) == {"created": 1, "duplicates": 1, "updated": 1}
    assert ledger.Account.objects.get(key="birch").name == "Birch Ltd"


def test_an_accounts_file_with_terms_makes_the_one_contract():
    content = "key,since,arr,renewal_date\nbirch,2025-01-06,120000,2027-01-06\nelm,,$50,000,2026-07-25\n"
    batch = imported("accounts", content.replace("$50,000", '"$50,000"'))
    assert counts(batch) == {"created": 2}
    birch, elm = ledger.Contract.objects.order_by("key")
    assert (birch.key, birch.arr, birch.start_date, birch.end_date) == (
        "account:birch",
        Decimal(120000),
        date(2025, 1, 6),
        date(2027, 1, 6),
    )
    assert (elm.arr, elm.start_date) == (Decimal(50000), date(2025, 7, 25))
    account = ledger.Account.objects.get(key="elm")
    assert (account.arr_amount, account.renewal_date) == (Decimal(50000), date(2026, 7, 25))
    assert counts(imported("accounts", content.replace("$50,000", "60000"))) == {"unchanged": 1, "updated": 1}


@pytest.mark.usefixtures("accounts")
def test_people_contracts_tickets_surveys_and_touchpoints_go_in():
    assert counts(imported("people", "key,name,account,stance\nu1,Noor,birch,champion\n")) == {"created": 1}
    contracts = "key,account,arr,start_date,end_date,seats\nc1,birch,1200,2026-01-01,,20\n"
    assert counts(imported("contracts", contracts)) == {"created": 1}
    tickets = "id,account,person,priority,opened_at,escalated\nt1,birch,u1,high,2026-06-01 09:30:00,yes\n"
    assert counts(imported("tickets", tickets)) == {"created": 1}
    surveys = "id,account,person,survey,score,date\ns1,birch,u1,NPS,9,2026-06-02\n"
    assert counts(imported("surveys", surveys)) == {"created": 1}
    touchpoints = "id,account,kind,date,minutes\np1,birch,Call,2026-06-03,25\n"
    assert counts(imported("touchpoints", touchpoints)) == {"created": 1}
    assert [event.name for event in events(account="contract:c1")] == ["contract.signed"]
    facts = {event.name for event in events(account="birch")}
    assert {
        "ticket.opened",
        "ticket.escalated",
        "survey.answered",
        "touchpoint.held",
    } <= facts
    ticket = ledger.Ticket.objects.get(key="t1")
    assert ticket.person is not None
    assert (ticket.person.key, ticket.severity, ticket.opened_at) == (
        "u1",
        "high",
        datetime(2026, 6, 1, 9, 30, tzinfo=UTC),
    )


@pytest.mark.usefixtures("accounts")
def test_a_cell_that_became_empty_empties_the_value():
    content = "key,account,start_date,end_date\nc1,birch,2026-01-01,2026-12-31\n"
    imported("contracts", content)
    assert counts(imported("contracts", content.replace("2026-12-31", ""))) == {"updated": 1}
    assert ledger.Contract.objects.get(key="c1").end_date is None


def test_a_row_for_an_unknown_account_is_rejected_with_what_to_do():
    batch = imported("tickets", "key,account,opened_at\nt1,oak,2026-06-01\n", file_name="tickets.csv")
    assert reasons(batch) == [
        'Row 2 of tickets.csv: account "oak" is not known. Import accounts first, then this row again.'
    ]


def test_an_event_keeps_all_its_columns():
    batch = imported("events", EVENTS)
    assert counts(batch) == {"created": 1}
    (event,) = events(name="report.exported")
    assert (event.event_id, event.account, event.feature, event.value) == (
        "fernhill:e1",
        "birch",
        "report.exported",
        3.0,
    )
    assert json.loads(event.props) == {"screen": "home"}
    assert (event.at, event.known_at) == (datetime(2026, 6, 1, tzinfo=UTC), NOW)


def test_a_vouched_file_was_known_when_it_happened():
    imported("events", EVENTS, vouched=True)
    assert [event.known_at for event in events()] == [datetime(2026, 6, 1, tzinfo=UTC)]


def test_an_event_finds_its_account_through_its_contract_and_its_name_may_be_set_for_all_rows():
    content = "usage_id,subscription_id,usage_date\ne1,S-1,2026-06-01\n"
    imported("events", content, constants={"name": "report.exported"})
    (event,) = events()
    assert (event.account, event.name) == ("contract:S-1", "report.exported")


def test_the_same_id_with_other_content_is_named_with_both_rows():
    content = (
        EVENTS + "e1,birch,report.exported,2026-06-01,3,home\ne1,birch,report.exported,2026-06-01,4,home\n"
    )
    batch = imported("events", content, file_name="log.csv")
    assert counts(batch) == {"created": 1, "duplicates": 1, "conflicts": 1}
    (conflict,) = rejections(batch)
    assert (
        conflict.reason == 'Row 4 of log.csv: id "e1" stands in row 2 with other content. That row was kept.'
    )
    assert (conflict.row, conflict.verdict, conflict.message_id) == (4, "conflict", "e1")
    assert list(conflict.content.items())[:2] == [("id", "e1"), ("account", "birch")]
    assert (conflict.content["value"], conflict.content["first row"]) == ("4", 2)


def test_an_id_of_an_earlier_file_is_a_duplicate_or_a_conflict():
    imported("events", EVENTS)
    batch = imported("events", EVENTS.replace(",3,", ",4,") + EVENTS.splitlines()[1] + "\n")
    assert reasons(batch) == [
        'Row 2 of file.csv: id "e1" was stored before with other content. That one was kept.',
        'Row 3 of file.csv: id "e1" stands in row 2 with other content. That row was kept.',
    ]
    assert counts(imported("events", EVENTS)) == {"duplicates": 1}


def test_rows_alike_without_an_id_all_count_and_the_grown_file_adds_what_is_new():
    header, row = "account,name,at", "birch,report.exported,2026-06-01"
    assert counts(imported("events", f"{header}\n{row}\n{row}\n")) == {"created": 2}
    assert counts(imported("events", f"{header}\n{row}\n{row}\n{row}\n")) == {"created": 1, "duplicates": 2}
    assert len(events()) == 3


@pytest.mark.parametrize(
    ("kind", "row", "reason"),
    [
        ("accounts", "birch,Birch,31/02/2026", 'renewal_date "31/02/2026" is no date. Use YYYY-MM-DD.'),
        (
            "accounts",
            "birch,Birch,0001-06-01",
            'renewal_date "0001-06-01" is out of reach. Use YYYY-MM-DD from 1970-01-01 to 2199-12-31.',
        ),
        ("accounts", "birch,Birch", "2 cells, but the header has 3 columns."),
        ("accounts", "birch,Birch,2026-07-25,more", "4 cells, but the header has 3 columns."),
        ("accounts", ",Birch,2026-07-25", "key is empty, but every row needs it (Key)."),
        ("accounts", "birch,Bi\x00rch,2026-07-25", "name holds the character NUL, which no text may hold."),
        (
            "accounts",
            "b" * 191 + ",Birch,2026-07-25",
            f'key "{"b" * 40}…" has 191 characters; at most 190 are taken.',
        ),
        (
            "accounts",
            '"birch"x,Birch,2026-07-25',
            "text follows a closing quote. Double a quote that is part of a cell.",
        ),
        ("accounts", '"birch,Birch,2026-07-25', "a quote is not closed before the file ends."),
    ],
)
def test_a_malformed_row_is_rejected_by_number_and_column_and_the_others_go_in(
    kind: str, row: str, reason: str
):
    content = f"key,name,renewal_date\nash,Ash,2026-09-01\n{row}\n"
    batch = imported(kind, content, file_name="accounts.csv")
    assert counts(batch) == {"created": 1, "rejected": 1}
    assert reasons(batch) == [f"Row 3 of accounts.csv: {reason}"]


@pytest.mark.parametrize(
    ("kind", "content", "reason"),
    [
        (
            "contracts",
            "key,account,start_date,end_date\nc,birch,2026-02-01,2026-01-01",
            "end_date 2026-01-01 is before start_date 2026-02-01.",
        ),
        (
            "tickets",
            "key,account,opened_at,resolved_at\nt,birch,2026-02-02,2026-02-01",
            "resolved_at 2026-02-01 00:00 is before opened_at 2026-02-02 00:00.",
        ),
        (
            "surveys",
            "key,account,kind,score,date\ns,birch,nps,11,2026-02-01",
            "score 11 is not on the NPS scale of 0 to 10.",
        ),
        (
            "surveys",
            "key,account,kind,score,date\ns,birch,nsp,9,2026-02-01",
            'kind "nsp" is not known here. Use one of: nps, csat, ces.',
        ),
        (
            "accounts",
            "key,arr\noak,100",
            "arr without since or renewal_date: a contract needs a day. Give one of the two.",
        ),
        (
            "accounts",
            "key,since,renewal_date\noak,2026-02-01,2026-02-01",
            "renewal_date 2026-02-01 is not after since 2026-02-01.",
        ),
        (
            "events",
            "account,name,at\nbirch,incident.opened,2026-02-01",
            'name "incident.opened" is written by Keepwell alone. Use another name.',
        ),
        (
            "events",
            "account,name,at\nbirch,account.created,2026-02-01",
            'name "account.created" follows from the table of accounts. Import accounts instead.',
        ),
        ("events", "account,person,name,at\n,,x,2026-02-01", "none of account, contract, person is given."),
    ],
)
@pytest.mark.usefixtures("accounts")
def test_a_row_that_contradicts_itself_is_rejected(kind: str, content: str, reason: str):
    batch = imported(kind, content)
    assert counts(batch) == {"rejected": 1}
    assert reasons(batch) == [f"Row 2 of file.csv: {reason}"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "accounts.csv is empty. Nothing was stored."),
        (b"PK\x03\x04rest", "accounts.csv is an Excel workbook or a ZIP archive. Save it as CSV in UTF-8."),
        ("key,name\n".encode("utf-16"), "accounts.csv is UTF-16 text. Save it as CSV in UTF-8."),
        (
            b"key,name\nbirch,\x81\n",
            "accounts.csv is neither UTF-8 nor Windows-1252 text. Save it as CSV in UTF-8.",
        ),
        (b",".join(b"c%d" % i for i in range(501)), "accounts.csv has 501 columns; at most 500 are taken."),
        (
            b"key," + b"x" * 100_000,
            f'accounts.csv has a column "{"x" * 40}…" whose name has 100,000 characters; at most 200 are taken.',
        ),
    ],
)
def test_a_file_that_is_no_table_is_refused_and_not_kept(content: bytes, reason: str):
    with pytest.raises(errors.Invalid) as refusal:
        prepared("accounts", content, file_name="accounts.csv")
    assert str(refusal.value) == reason
    assert list(kept_files.path("").iterdir()) == []


@pytest.mark.usefixtures("accounts")
@pytest.mark.parametrize("dry_run", [True, False])
def test_a_row_that_the_ledger_cannot_hold_is_rejected_alone(dry_run: bool):
    # Each amount can be kept, but not the sum of an account's.
    rows = "".join(f"c{i},birch,9999999999999,2026-01-01\n" for i in range(11))
    batch = imported(
        "contracts", f"key,account,arr,start_date\n{rows}c,willow,12,2026-01-01\n", dry_run=dry_run
    )
    assert (batch.state, counts(batch)) == ("done", {"created": 11, "rejected": 1})
    assert reasons(batch) == [
        "Row 12 of file.csv: it cannot be stored (DataError). Look for a figure or a day that is far off."
    ]


def test_a_file_with_a_header_alone_is_done_with_no_rows():
    batch = imported("accounts", "key,name\n")
    assert (batch.state, batch.rows_total, batch.percent, counts(batch)) == ("done", 0, 100, {})


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("key;name\nbirch;Birkenhof Süd 🌳 שלום\n".encode(), "utf-8"),
        ("\ufeffkey;name\nbirch;Birkenhof Süd 🌳 שלום\n".encode(), "utf-8"),
        ("key;name\nbirch;Birkenhof Süd\n".encode("cp1252"), "cp1252"),
    ],
)
def test_utf8_with_and_without_a_mark_and_windows_1252_are_read(content: bytes, encoding: str):
    batch = imported("accounts", content)
    assert (batch.encoding, batch.delimiter, batch.columns) == (encoding, ";", ("key", "name"))
    assert ledger.Account.objects.get(key="birch").name == content.decode(encoding).split(";")[-1].strip()


def test_quoted_newlines_blank_lines_and_repeated_headers_are_understood():
    content = (
        'key,name,note,note\r\n\r\nbirch,"Birch\r\nand Sons",a,b\r\n,,,\r\nelm,Elm,c,d\r\nash,Ash,x,\r\n\r\n'
    )
    batch = imported("accounts", content)
    assert (batch.columns, batch.rows_total) == (("key", "name", "note", "note (2)"), 3)
    birch = ledger.Account.objects.get(key="birch")
    assert (birch.name, birch.fields) == ("Birch\r\nand Sons", {"note": "a", "note (2)": "b"})


def test_rows_are_numbered_as_in_a_spreadsheet_after_blank_lines_and_quoted_newlines():
    content = 'key,name,since\n\nbirch,"Bi\nrch",2025-01-06\nelm,Elm,soon\n'
    batch = imported("accounts", content)
    assert reasons(batch) == ['Row 4 of file.csv: since "soon" is no date. Use YYYY-MM-DD.']


def test_a_dry_run_gives_the_same_verdicts_and_writes_nothing_and_then_runs_for_real():
    content = ACCOUNTS + "birch,Birch,2025-01-06,green\nbirch,Birch,2025-01-07,\nelm,Elm,soon,\n"
    batch_id = started("accounts", content, dry_run=True)
    imports.run(batch_id=batch_id, at=NOW)
    dry = found(batch_id)
    assert not ledger.Account.objects.exists()
    assert not events()
    imports.start(
        batch_id=batch_id,
        mapping=imports.suggest(batch_id),
        constants={},
        dry_run=False,
        vouched=False,
        by=TESTS,
        at=NOW,
    )
    imports.run(batch_id=batch_id, at=NOW)
    assert (
        counts(found(batch_id)) == counts(dry) == {"created": 2, "duplicates": 1, "updated": 1, "rejected": 1}
    )
    assert len(reasons(found(batch_id))) == 1
    assert ledger.Account.objects.count() == 2


def test_an_import_runs_once():
    batch = imported("accounts", ACCOUNTS)
    with pytest.raises(errors.Conflict, match="is done and cannot be started"):
        imports.start(
            batch_id=batch.batch_id,
            mapping=imports.suggest(batch.batch_id),
            constants={},
            dry_run=False,
            vouched=False,
            by=TESTS,
            at=NOW,
        )
    imports.run(batch_id=batch.batch_id, at=NOW)
    assert found(batch.batch_id) == batch
    with pytest.raises(errors.Conflict, match="has not failed, so there is nothing to resume"):
        imports.resume(batch_id=batch.batch_id, by=TESTS, at=NOW)


def test_an_import_whose_file_is_gone_fails_says_so_and_goes_on_when_resumed():
    batch_id = started("accounts", ACCOUNTS)
    (path,) = kept_files.path("").iterdir()
    away = path.rename(path.with_suffix(".away"))
    with pytest.raises(FileNotFoundError):
        imports.run(batch_id=batch_id, at=NOW)
    assert (found(batch_id).state, found(batch_id).error) == (
        "failed",
        "An unexpected error: FileNotFoundError. Nothing was stored. Resume the import to go on from there.",
    )
    away.rename(path)
    imports.resume(batch_id=batch_id, by=TESTS, at=NOW)
    imports.run(batch_id=batch_id, at=NOW)
    assert counts(found(batch_id)) == {"created": 2}


def test_unknown_kinds_and_imports_are_refused():
    with pytest.raises(errors.Invalid, match=r'^"prospects" is no kind of import'):
        prepared("prospects", ACCOUNTS)
    with pytest.raises(errors.NotFound, match="There is no import 7"):
        imports.suggest(7)


def test_a_file_name_is_shown_without_its_folders():
    assert found(prepared("accounts", ACCOUNTS, file_name="C:\\Exports\\a\nb.csv")).file_name == "ab.csv"
