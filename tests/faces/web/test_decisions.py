"""Preferences of a person, settings of the company, and what they change."""

import re

from django.test import Client

from keepwell.access.models import AuditEntry, User
from keepwell.access.queries import decisions
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import World


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
