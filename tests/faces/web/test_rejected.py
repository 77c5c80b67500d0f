"""The dead letter's pages: by reason, mended in place, replayed, put aside, mended in a spreadsheet."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from keepwell.intake.models import Rejection
from keepwell.ledger.models import Account, Ticket
from tests import world
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.intake.files import imported
from tests.world import World

TICKETS = "key,account,opened_at,colour\nt1,willow,2026-06-01,red\nt2,oak,2026-06-02,=blue\nt3,elm,soon,\n"


@pytest.fixture
def root(db: None, sign_in: SignIn) -> Client:
    cast = world.build()
    imported("tickets", TICKETS, file_name="tickets.csv")
    return sign_in(cast.root)


def number(why: str) -> int:
    return Rejection.objects.get(why=why).pk


def test_the_data_page_leads_to_reasons_and_reasons_to_their_rows(root: Client) -> None:
    page = html(root.get("/data/"))
    assert '<a href="/data/rejected/?why=account-unknown">The account is not known</a>' in page
    said = text(root.get("/data/rejected/?why=account-unknown"))
    assert 'account "oak" is not known' in said
    assert "soon" not in said
    assert "soon" in text(root.get("/data/rejected/?text=SOON"))
    assert root.get("/data/rejected/?why=nonsense").status_code == 400


def test_a_cell_is_mended_in_place_and_what_was_typed_stays(root: Client) -> None:
    place = f"/data/rejected/{number('date-unreadable')}/"
    assert 'aria-invalid="true"' in html(root.get(place))
    typed = {"cell:key": "t3", "cell:account": "elm", "cell:opened_at": "June", "cell:colour": ""}
    root.post(place, {**typed, "how": "replay"})
    page = html(root.get(place))
    assert 'value="June"' in page
    assert "came as “soon”" in page
    root.post(place, {**typed, "cell:opened_at": "2026-06-03", "how": "replay"})
    assert "Replayed: created" in text(root.get(place))
    assert Ticket.objects.filter(key="t3").exists()
    refused = root.post(place, {**typed, "how": "save"})
    assert refused.status_code == 422
    assert 'value="June"' in html(refused)


def test_after_an_accounts_import_its_page_offers_to_replay_what_named_them(root: Client) -> None:
    batch = imported("accounts", "key,name\noak,Oak\n")
    assert "1 row or call was refused because its account was unknown" in text(
        root.get(f"/data/imports/{batch.batch_id}/")
    )
    answer = root.post("/data/rejected/replays/", {"known_now": "1"}, follow=True)
    assert "taken 1" in text(answer).replace("1 taken", "taken 1")
    assert Ticket.objects.get(key="t2").account == Account.objects.get(key="oak")


def test_a_column_is_set_in_all_of_a_reason_and_they_are_replayed(root: Client) -> None:
    form = {"why": "account-unknown", "about": "oak", "column": "account", "value": "birch"}
    root.post("/data/rejected/replays/", form)
    assert Ticket.objects.get(key="t2").account.key == "birch"
    nothing = root.post("/data/rejected/replays/", form)
    assert nothing.status_code == 422
    assert "None of these rows has a column" in text(nothing)


def test_the_csv_is_mended_in_a_spreadsheet_and_given_back(root: Client) -> None:
    answer = root.get("/data/rejected.csv")
    lines = list(csv.reader(io.StringIO(answer.getvalue().decode())))
    assert lines[0] == [
        "rejection",
        "row",
        "verdict",
        "reason",
        "key",
        "account",
        "opened_at",
        "colour",
        "content",
    ]
    assert any("'=blue" in line for line in lines)
    mended = [[{"oak": "birch", "soon": "2026-06-03"}.get(cell, cell) for cell in line] for line in lines]
    copy = io.StringIO()
    csv.writer(copy).writerows(mended)
    file = SimpleUploadedFile("rejected.csv", copy.getvalue().encode())
    assert "taken" in text(root.post("/data/rejected/file/", {"file": file}, follow=True))
    assert Ticket.objects.count() == 3
    assert Ticket.objects.get(key="t2").fields == {"colour": "=blue"}
    again = SimpleUploadedFile("rejected.csv", copy.getvalue().encode())
    assert "The file changes nothing" in text(root.post("/data/rejected/file/", {"file": again}))
    wrong = SimpleUploadedFile("other.csv", b"key,account\nt1,birch\n")
    assert root.post("/data/rejected/file/", {"file": wrong}).status_code == 422


def test_one_is_dismissed_with_a_note_and_taken_up_again(root: Client) -> None:
    place = f"/data/rejected/{number('account-unknown')}/"
    root.post(place + "dismissal/", {"note": "a test"})
    assert "a test" in text(root.get(place))
    assert "oak" in text(root.get("/data/rejected/?state=dismissed"))
    root.post(place + "dismissal/", {"reopen": "1"})
    assert Rejection.objects.get(why="account-unknown").state == "open"


def test_who_may_not_import_sees_nothing_of_it(db: None, sign_in: SignIn) -> None:
    cast: World = world.build()
    imported("tickets", TICKETS)
    ada = sign_in(cast.ada)
    assert ada.get("/data/rejected/").status_code == 403
    assert ada.get("/data/rejected.csv").status_code == 403
    assert ada.get(f"/data/rejected/{number('account-unknown')}/").status_code == 404
    assert ada.post("/data/rejected/dismissals/", {}).status_code in (403, 422)
    assert Rejection.objects.filter(state="open").count() == 2
