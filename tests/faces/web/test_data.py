"""How facts get in, by file and by key."""

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from keepwell.intake.actions import imports
from keepwell.ledger.actions import events
from keepwell.ledger.event import Event
from keepwell.ledger.models import Account
from keepwell.pipeline.actions import advance
from tests import world
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW, World

FILE = """company_id,name,sector,arr,renewal_date
Z-1,Nimbus Foods,Food,120000,2027-03-01
Z-2,"Oak, Partners",Legal,48000,31/02/2027
"""


@pytest.fixture
def cast(db: None) -> World:
    return world.build()


@pytest.fixture
def root(cast: World, sign_in: SignIn) -> Client:
    return sign_in(cast.root)


def upload(client: Client, content: str = FILE, name: str = "accounts.csv") -> str:
    """Give a file; gives the place of its import."""
    file = SimpleUploadedFile(name, content.encode())
    answer = client.post("/data/imports/new/", {"kind": "accounts", "source": "crm", "file": file})
    assert answer.status_code == 302, text(answer)
    return answer.headers["Location"]


def start(client: Client, place: str, how: str = "import", **more: str) -> None:
    mapping = {
        "key": "company_id",
        "name": "name",
        "industry": "sector",
        "arr": "arr",
        "renewal_date": "renewal_date",
    }
    form = {f"column:{field}": column for field, column in mapping.items()}
    answer = client.post(place + "start/", {**form, "how": how, **more})
    assert answer.status_code == 302, text(answer)


def work(place: str) -> None:
    """What the worker does."""
    [number] = re.findall(r"\d+", place)
    imports.run(batch_id=int(number), at=NOW)


def test_an_empty_page_teaches(root: Client) -> None:
    said = text(root.get("/data/"))
    assert "No file has been imported" in said
    assert "No source sends events yet" in said


def test_columns_are_suggested_and_sampled(root: Client) -> None:
    page = html(root.get(upload(root)))
    assert '<option value="company_id" selected>company_id · Z-1</option>' in page
    assert '<option value="sector" selected>sector · Food</option>' in page
    assert "Nimbus Foods" in page


def test_a_dry_run_says_what_would_happen_and_writes_nothing(root: Client) -> None:
    place = upload(root)
    start(root, place, how="dry_run")
    assert "Waiting for its turn, as a dry run: nothing is written." in text(root.get(place))
    work(place)
    said = text(root.get(place))
    assert "What would happen to the rows" in said
    assert "1 created" in said.replace("created 1", "1 created")
    assert not Account.objects.filter(key="Z-1").exists()
    start(root, place)
    work(place)
    assert Account.objects.filter(key="Z-1").exists()


def test_a_rejected_row_keeps_its_reason_and_can_be_mended(root: Client) -> None:
    place = upload(root)
    start(root, place)
    work(place)
    said = text(root.get(place))
    assert '"31/02/2027"' in said
    assert "Rejected" in said
    [row] = csv.DictReader(io.StringIO(root.get(place + "not-taken.csv").getvalue().decode()))
    assert (row["row"], row["company_id"], row["name"]) == ("3", "Z-2", "Oak, Partners")


def test_nothing_in_the_file_of_rejected_rows_is_run_by_a_spreadsheet(root: Client) -> None:
    content = "key,=1+1,since\nbirch,=2+2,=3+3\n"
    place = upload(root, content, name="=4+4.csv")
    answer = root.post(place + "start/", {"column:key": "key", "column:since": "since", "how": "import"})
    assert answer.status_code == 302, text(answer)
    work(place)
    head, row = csv.reader(io.StringIO(root.get(place + "not-taken.csv").getvalue().decode()))
    assert head == ["rejection", "row", "verdict", "reason", "key", "'=1+1", "since"]
    assert row[4:] == ["birch", "'=2+2", "'=3+3"]
    assert not any(cell.startswith("=") for cell in (*head, *row))


def test_an_end_says_what_is_kept_and_where_to_go(root: Client) -> None:
    place = upload(
        root, "company_id,name,sector,arr,renewal_date,referral\nZ-1,Nimbus,Food,1,2027-03-01,Ada\n"
    )
    start(root, place)
    work(place)
    said = text(root.get(place))
    assert "Kept as custom fields: referral." in said
    assert "Go to accounts" in said
    assert "Core features are not declared yet" in said


def test_a_file_of_a_header_alone_has_no_rows(root: Client) -> None:
    place = upload(root, "company_id,name,sector,arr,renewal_date\n")
    assert "The file has no rows." in text(root.get(place))
    start(root, place)
    work(place)
    said = text(root.get(place))
    assert "The file has no rows." in said
    assert "Go to accounts" not in said


def test_events_of_nobody_are_counted(root: Client, cast: World) -> None:
    assert 'hx-get="/data/unresolved/" hx-trigger="load"' in html(root.get("/data/"))
    assert "no account that Keepwell knows" not in text(root.get("/data/unresolved/"))
    lost = Event(id="app:1", account="nowhere", name="report.exported", at=NOW, source="app")
    events.append(events=[lost], received_at=NOW)
    advance(at=NOW)
    assert "1 event names no account that Keepwell knows. It is kept" in text(root.get("/data/unresolved/"))


def test_progress_is_a_fragment_until_it_is_over(root: Client, cast: World, sign_in: SignIn) -> None:
    place = upload(root)
    start(root, place)
    htmx = sign_in(cast.root, htmx=True)
    running = htmx.get(place + "progress/")
    assert html(running).lstrip().startswith('<section class="section" id="progress"')
    assert "HX-Refresh" not in running.headers
    work(place)
    assert htmx.get(place + "progress/").headers["HX-Refresh"] == "true"


def test_a_wrong_mapping_is_refused_on_the_form(root: Client) -> None:
    place = upload(root)
    answer = root.post(place + "start/", {"column:name": "name", "how": "import"})
    assert answer.status_code == 422
    assert "Key" in text(answer)
    twice = root.post(place + "start/", {"column:key": "name", "column:name": "name", "how": "import"})
    assert 'Column "name" is mapped to two fields. Map it to one.' in text(twice)


def test_what_is_no_table_is_refused_in_words(root: Client) -> None:
    file = SimpleUploadedFile("book.xlsx", b"PK\x03\x04whatever")
    answer = root.post("/data/imports/new/", {"kind": "accounts", "source": "crm", "file": file})
    assert answer.status_code == 422
    assert "book.xlsx is an Excel workbook" in text(answer)
    none = root.post("/data/imports/new/", {"kind": "accounts", "source": "crm"})
    assert "Choose a file." in text(none)


def test_a_write_key_is_shown_once(root: Client) -> None:
    shown = root.post("/data/sources/new/", {"name": "Our app", "slug": "app", "vouches": "1"})
    [key] = re.findall(r'<code id="key">(kwk_[^<]+)</code>', html(shown))
    assert "no-store" in shown.headers["Cache-Control"]
    listed = html(root.get("/data/"))
    assert key not in listed
    assert key[:10] in listed
    first = text(root.get("/data/sources/app/key/"))
    assert "Replace the write key of Our app?" in first
    assert re.search(r"The old key, kwk_[\w-]+… , stops at once", first)
    assert "Last heard not yet" in first
    again = root.post("/data/sources/app/key/")
    assert re.findall(r'<code id="key">(kwk_[^<]+)</code>', html(again)) != [key]


def test_a_slug_is_taken_once(root: Client) -> None:
    root.post("/data/sources/new/", {"name": "Our app", "slug": "app"})
    answer = root.post("/data/sources/new/", {"name": "Other", "slug": "app"})
    assert answer.status_code == 422
    assert 'A source "app" already exists. Use another slug.' in text(answer)


def test_ada_may_not_import(cast: World, sign_in: SignIn) -> None:
    ada = sign_in(cast.ada)
    said = text(ada.get("/data/"))
    assert "Files and sources are for CS operations." in said
    assert "Import a file" not in said
    assert "Touchpoints" in said
    for place in ("/data/imports/new/", "/data/imports/", "/data/sources/new/"):
        assert ada.get(place).status_code == 403
    assert ada.post("/data/sources/app/key/").status_code == 404
