"""Files of an account on the page and over the API; how it is served; what is signed."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from keepwell.access.actions import tokens
from keepwell.ledger.actions import invoices, surveys, tickets
from keepwell.ledger.models import File
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW, TESTS, TODAY, World

HERE = "/accounts/elm/files/"
DAY = timedelta(days=1)
TOLD = {"source": "tests", "by": TESTS, "at": NOW, "vouched": True}


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.KEEPWELL_DATA = tmp_path


def uploaded(client: Client, name: str = "Plan für Elm.html") -> File:
    file = SimpleUploadedFile(name, b"<script>alert(1)</script>", content_type="text/html")
    assert "It is among the files." in text(client.post(HERE, {"file": file}, follow=True))
    return File.objects.get()


def test_a_file_is_an_attachment_that_no_browser_runs(lived: World, ada: Client) -> None:
    file = uploaded(ada)
    answer = ada.get(f"{HERE}{file.key}/")
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[attr-defined]
    assert answer.headers["Content-Type"] == "text/plain"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''Plan%20f%C3%BCr")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_file_is_deleted_and_brought_back(lived: World, ada: Client) -> None:
    file = uploaded(ada)
    gone = ada.post(f"{HERE}{file.key}/removal/", follow=True)
    assert "Plan für Elm.html is gone. Undo" in text(gone)
    assert ada.get(f"{HERE}{file.key}/").status_code == 404
    undo = re.search(r'name="removed" value="([^"]+)"', html(gone))
    assert undo is not None
    assert "is back." in text(ada.post("/undo/", {"removed": undo[1]}, follow=True))
    back = ada.get(f"{HERE}{file.key}/")
    assert back.status_code == 200
    back.close()


def test_what_is_not_taken_is_said(lived: World, ada: Client) -> None:
    program = SimpleUploadedFile("a.pdf", b"MZ\x90")
    assert "Programs are not taken" in text(ada.post(HERE, {"file": program}))
    assert "Choose a file, or say where it is." in text(ada.post(HERE))
    assert "is no address" in text(ada.post(HERE, {"link": "javascript:alert(1)"}))


def test_files_of_others_do_not_exist(lived: World, ada: Client, sign_in: SignIn) -> None:
    file = uploaded(ada)
    cleo = sign_in(lived.cleo)
    for address in (HERE, f"{HERE}{file.key}/"):
        assert cleo.get(address).status_code == 404
    assert cleo.post(f"{HERE}{file.key}/removal/").status_code == 404
    assert ada.get(f"/accounts/willow/files/{file.key}/").status_code == 404


def test_the_api_keeps_lists_hands_out_removes_and_restores(lived: World, client: Client) -> None:
    secret = tokens.create(user=lived.ada, name="t", may_write=True, by=TESTS, at=NOW)
    bearer = {"Authorization": f"Bearer {secret}"}
    base = "/api/v1/accounts/elm/files"
    file = SimpleUploadedFile("plan.txt", b"text")
    made = client.post(base, {"file": file, "visibility": "shared"}, headers=bearer)
    assert made.status_code == 201, made.content
    one = made.json()
    assert (one["name"], one["size"], one["visibility"]) == ("plan.txt", 4, "shared")
    assert [each["key"] for each in client.get(base, headers=bearer).json()] == [one["key"]]
    content = client.get(f"{base}/{one['key']}/content", headers=bearer)
    assert b"".join(content.streaming_content) == b"text"  # type: ignore[attr-defined]
    assert client.delete(f"{base}/{one['key']}", headers=bearer).status_code == 204
    assert client.get(f"{base}/{one['key']}", headers=bearer).status_code == 404
    assert client.post(f"{base}/{one['key']}/restoration", headers=bearer).status_code == 200
    link = client.post(
        "/api/v1/accounts/elm/links", {"link": "https://elm.test/x"}, "application/json", headers=bearer
    )
    assert (link.status_code, link.json()["size"]) == (201, None)


def test_service_says_what_waits_and_how_it_is_solved(lived: World, ada: Client) -> None:
    rows = [
        {"key": "o", "account": "elm", "subject": "Slow", "severity": "high", "opened_at": NOW - 20 * DAY},
        {"key": "r", "account": "elm", "opened_at": NOW - 9 * DAY, "resolved_at": NOW - 7 * DAY},
    ]
    tickets.upsert(rows=rows, **TOLD)  # type: ignore[arg-type]
    answer = {"key": "c", "account": "elm", "kind": "csat", "score": 4.0, "answered_at": NOW - DAY}
    surveys.upsert(rows=[answer], **TOLD)  # type: ignore[arg-type]
    said = text(ada.get("/accounts/elm/service/"))
    assert "Open tickets 1 none of them escalated" in said
    assert "Opened in 90 days 2 0 in the 90 days before" in said
    assert "Time to solve 2 days" in said
    assert "CSAT in 90 days 4.0 of 5 1 answer" in said
    assert "Slow High 20 days ago" in said
    assert "Fewer than one ticket a week" in text(ada.get("/accounts/elm/charts/tickets/"))
    before = text(ada.get(f"/accounts/elm/service/?as_of={TODAY - 8 * DAY}"))
    assert "Open tickets 2" in before, "one was not solved yet"
    assert sorted(re.findall(r"/rows/(\w)/", html(ada.get("/accounts/elm/service/")))[:1]) == ["o"]


def test_contracts_count_down_and_say_what_is_overdue(lived: World, ada: Client) -> None:
    late = {
        "key": "i", "account": "elm", "number": "R-1", "amount": 1200, "currency": "USD",
        "issued_date": TODAY - 60 * DAY, "due_date": TODAY - 30 * DAY,
    }  # fmt: skip
    invoices.upsert(rows=[late], **TOLD)  # type: ignore[arg-type]
    said = text(ada.get("/accounts/elm/contracts/"))
    assert "Renewal in 40 days 25 Jul, Fernhill" in said
    assert "Overdue invoices 1 $1,200, the oldest by 30 days" in said
