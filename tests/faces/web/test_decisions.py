"""Preferences of a person, settings of the company, and what they change."""

import re
from datetime import UTC, datetime

from django.test import Client

from keepwell.access.models import AuditEntry, User
from keepwell.access.queries import decisions
from keepwell.plays.models import Task
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import PASSWORD, World


def test_what_a_person_prefers_is_kept_and_used(ada: Client, lived: World) -> None:
    kept = ada.post(
        "/settings/preferences/",
        {
            "language": "de",
            "time_zone": "Asia/Tokyo",
            "density": "compact",
            "theme": "dark",
            "start": "incidents",
        },
    )
    assert kept.status_code == 302
    assert User.objects.get(pk=lived.ada.pk).preferences["time_zone"] == "Asia/Tokyo"
    page = html(ada.get("/incidents/"))
    assert '<html lang="de"' in page
    assert 'data-density="compact"' in page
    assert 'data-theme="dark"' in page
    assert "Vorfälle" in page
    assert ada.get("/").headers["Location"] == "/incidents/"
    assert AuditEntry.objects.filter(deed="user.prefer").count() == 1


def test_times_are_told_in_one_s_own_zone(ada: Client) -> None:
    assert re.search(r"12:00\sUTC", text(ada.get("/settings/")))
    ada.post("/settings/preferences/", {"time_zone": "Asia/Tokyo"})
    assert re.search(r"21:00\sJST", text(ada.get("/settings/")))


def test_who_has_chosen_none_reads_in_the_company_s_language_and_zone(
    ada: Client, lived: World, sign_in: SignIn
) -> None:
    said = {"language": "de", "time_zone": "Europe/Berlin", "working_days": ["1", "2", "3", "4", "5"]}
    assert sign_in(lived.root).post("/settings/company/", said).status_code == 302
    page = html(ada.get("/settings/"))
    assert '<html lang="de"' in page
    assert re.search(r"14:00\s*(MESZ|CEST)", page.replace("\u00a0", " "))
    ada.post("/settings/preferences/", {"language": "en-us", "time_zone": "America/New_York"})
    page = html(ada.get("/settings/"))
    assert '<html lang="en-us"' in page
    assert re.search(r"8:00\sAM\sEDT", page)


def test_a_task_is_due_at_five_where_its_owner_is(ada: Client, lived: World) -> None:
    ada.post("/settings/preferences/", {"time_zone": "Asia/Tokyo"})
    ada.post(
        "/tasks/new/",
        {"title": "Call Dora", "account": "elm", "due": "2026-06-20", "owner": "ada@fernhill.test"},
    )
    assert Task.objects.get(title="Call Dora").due_at == datetime(2026, 6, 20, 8, tzinfo=UTC)
    assert re.search(r"20\sJun, 17:00\sJST", html(ada.get("/tasks/")))


def test_a_language_that_is_written_from_the_right_turns_the_page(ada: Client) -> None:
    ada.post("/settings/preferences/", {"language": "ar"})
    assert '<html lang="ar" dir="rtl"' in html(ada.get("/accounts/"))


def test_german_pages_have_german_numbers_and_files_do_not(ada: Client) -> None:
    ada.post("/settings/preferences/", {"language": "de"})
    assert re.search(r"\d\.\d{3}\s\$", html(ada.get("/accounts/willow/contracts/")))
    rows = b"".join(ada.get("/accounts.csv").streaming_content).decode().splitlines()
    assert rows[0].startswith("key,")
    assert not re.search(r"\d\.\d{3}\s\$", "".join(rows))


def test_what_cannot_be_is_refused_by_name(ada: Client) -> None:
    refused = ada.post("/settings/preferences/", {"time_zone": "Mars/Olympus"})
    assert refused.status_code == 422
    assert "Mars/Olympus" in text(refused)


def test_the_company_decides_its_days_and_years(ada: Client, lived: World, sign_in: SignIn) -> None:
    said = {
        "name": "Fernhill",
        "fiscal_year_start": "4",
        "working_days": ["1", "2", "3", "4"],
        "holidays": "2026-06-15",
    }
    root = sign_in(lived.root)
    assert root.post("/settings/company/", said).status_code == 302
    known = decisions.company()
    assert known.calendar.working_days == {1, 2, 3, 4}
    assert "Today is no working day, in Q1 FY27." in text(root.get("/settings/company/"))
    assert root.post("/settings/company/", {"holidays": "soon"}).status_code == 422
    assert ada.post("/settings/company/", said).status_code == 403
    assert "disabled" in html(ada.get("/settings/company/"))


def test_one_changes_one_s_own_password_and_other_devices_are_signed_out(
    lived: World, sign_in: SignIn
) -> None:
    here, elsewhere, new = sign_in(lived.ada), sign_in(lived.ada), "a boat of blue tin"
    assert 'href="/me/password/"' in html(here.get("/settings/"))
    wrong = {"oldpassword": "not this one", "password1": new, "password2": new}
    assert "current password" in text(here.post("/me/password/", wrong)).lower()
    short = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    assert "too short" in text(here.post("/me/password/", short))
    assert not AuditEntry.objects.filter(deed="user.change_password").exists()
    done = here.post("/me/password/", {**wrong, "oldpassword": PASSWORD})
    assert done.headers["Location"] == "/settings/"
    assert here.get("/settings/").status_code == 200
    assert elsewhere.get("/settings/").status_code == 302
    assert AuditEntry.objects.get(deed="user.change_password").actor == lived.ada
    assert Client().login(email=lived.ada.email, password=new)
