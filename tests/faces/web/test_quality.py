"""The data quality pages: what is wrong, of which source and account, and where it is mended."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import resolve

from keepwell.faces.web.pages import mending
from keepwell.intake.actions import drifts, quality, sources
from keepwell.intake.checks import PLACES
from keepwell.intake.models import Drift, Source
from keepwell.ledger.actions import events, relay
from keepwell.ledger.event import Event
from tests import world
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.intake import quality_cases
from tests.intake.quality_cases import DAY
from tests.world import NOW, TESTS, World


@pytest.fixture
def cast(db: None) -> World:
    made = world.build()
    sources.create(slug="app", name="Fernhill app", vouches=False, by=TESTS, at=NOW)
    quality_cases.clean("birch")
    quality_cases.same_email("elm")
    quality.refresh(at=NOW)
    return made


@pytest.fixture
def root(cast: World, sign_in: SignIn) -> Client:
    return sign_in(cast.root)


@pytest.mark.parametrize("slug", PLACES)
def test_every_place_where_something_is_mended_is_a_page(slug: str) -> None:
    title, href = mending.place(slug, "a/b")
    assert title
    assert resolve(href.partition("?")[0].partition("#")[0]).func


def test_the_overview_says_what_sources_do_and_what_accounts_lack(root: Client) -> None:
    said = text(root.get("/data/quality/"))
    assert "No source is overdue" in said
    assert "Fernhill app" in said
    assert "too little history to tell" in said
    assert "No score has been computed yet" in said
    assert "By whoever sends the data No use is known Grave 3" in said
    assert "Two people, one address" in said
    assert "Quality" in text(root.get("/data/"))


def test_who_may_not_import_sees_no_source_and_only_own_accounts(cast: World, sign_in: SignIn) -> None:
    ada, cleo = sign_in(cast.ada), sign_in(cast.cleo)
    assert "Fernhill app" not in text(ada.get("/data/quality/"))
    assert "Nobody is named" in text(ada.get("/data/quality/"))
    assert "Nothing is missing" in text(cleo.get("/data/quality/"))
    assert ada.get("/data/sources/app/").status_code == 404
    assert cleo.get("/accounts/elm/quality/").status_code == 404


def test_a_check_s_page_lists_who_fails_it_and_links_to_the_mending(root: Client) -> None:
    page = root.get("/data/quality/same_email/")
    assert "1 account, the highest ARR first" in text(page)
    assert "Mona@x.test" in text(page)
    assert 'href="/accounts/elm/people/"' in html(page)
    assert root.get("/data/quality/no_such/").status_code == 404
    assert root.get("/data/quality/same_email/?offset=x").status_code == 400
    assert "No account fails this check" in text(root.get("/data/quality/negative_arr/"))


def test_all_findings_come_as_csv(root: Client) -> None:
    answer = root.get("/data/quality.csv")
    body = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(body)))
    assert ("elm", "same_email") in {(row["account"], row["check"]) for row in rows}
    assert not [row for row in rows if row["account"] == "birch"]


def test_an_account_says_what_is_wrong_with_it_and_how_it_is_mended(root: Client) -> None:
    said = text(root.get("/accounts/elm/quality/"))
    assert "There is no score yet" in said
    assert "Two people, one address Mona@x.test" in said
    assert "Merge them, or correct the address." in said
    assert "Nothing is wrong with what is known" in text(root.get("/accounts/birch/quality/"))


def test_a_change_is_acknowledged_on_the_source_s_page(root: Client) -> None:
    app = Source.objects.get(slug="app")
    drifts.tell([drifts.Told(app.pk, "new_property", "login", "sso", "boolean")], at=NOW)
    assert "login has a new property sso (boolean)" in text(root.get("/data/sources/app/"))
    change = Drift.objects.get()
    answer = root.post(f"/data/changes/{change.pk}/acknowledgement/")
    assert answer.headers["Location"] == "/data/sources/app/#changes"
    assert "Known to Root" in text(root.get("/data/sources/app/"))


def test_a_cadence_is_declared_and_what_is_late_is_overdue(root: Client) -> None:
    place = "/data/sources/meter/cadence/"
    sources.create(slug="meter", name="Meter", vouches=False, by=TESTS, at=NOW)
    assert root.post(place, {"hours": "24"}).status_code == 302
    assert "Expected every 24 hours (declared)" in text(root.get("/data/sources/meter/"))
    sources.heard(source_id=Source.objects.get(slug="meter").pk, at=NOW - 2 * DAY)
    quality.refresh(at=NOW)
    assert "Overdue: it is expected at least once in 24 hours" in text(root.get("/data/sources/meter/"))
    assert "1 source overdue" in text(root.get("/data/quality/"))
    assert root.post(place, {"hours": "soon"}).status_code == 400
    assert root.post(place, {"hours": ""}).status_code == 302
    assert root.post("/data/sources/none/cadence/", {"hours": "1"}).status_code == 404


@pytest.mark.django_db
def test_a_source_s_days_are_drawn_from_its_first(sign_in: SignIn) -> None:
    root = sign_in(world.build().root)
    sources.create(slug="app", name="Fernhill app", vouches=False, by=TESTS, at=NOW)
    assert "No whole day has passed" in text(root.get("/data/sources/app/chart/"))
    for day in range(30, 1, -1):
        at = NOW - day * DAY
        told = [Event(id=f"app:{day}-{i}", name="x", account="elm", at=at, source="app") for i in range(12)]
        events.append(events=told, received_at=at)
    relay.all_waiting(at=NOW)
    quality.refresh(at=NOW + timedelta(hours=1))
    drawn = text(root.get("/data/sources/app/chart/"))
    assert "1 of 8 days unusual, the last on 14 Jun: fewer than usual" in drawn
    assert "0 events, far fewer than usual (" in text(root.get("/data/sources/app/"))
