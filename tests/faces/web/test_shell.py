"""What every page has in common: the door, the frame, the policy, the words for what went wrong."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import get_resolver

from keepwell.faces.web import places
from tests.faces.web import book
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import PASSWORD, World

PAGES = (
    "/accounts/", "/accounts/?q=nothing", "/accounts/willow/", "/accounts/elm/", "/accounts/willow/usage/",
    "/accounts/willow/health/", "/accounts/willow/?as_of=2026-05-12",
    "/accounts/willow/people/", "/accounts/willow/timeline/", "/accounts/willow/contracts/",
    "/accounts/willow/incidents/", "/accounts/willow/charts/score/", "/incidents/", "/data/", "/data/imports/",
    "/data/imports/new/", "/data/sources/new/", "/measures/", "/settings/", "/gallery/",
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    "page", ["/accounts/", "/incidents/", "/data/", "/measures/", "/settings/", "/gallery/"]
)
def test_nothing_is_shown_to_strangers(page: str) -> None:
    response = Client().get(page)
    assert response.status_code == 302
    assert "login" in response.headers["Location"]


def test_no_page_carries_script_or_style_of_its_own(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    for page in (*PAGES, f"/incidents/{book.incident().pk}/"):
        response = root.get(page)
        assert response.status_code == 200, page
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]* src=)", html(response)), page


def test_every_page_has_one_title_and_one_heading(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    titles = {}
    for page in PAGES:
        said = html(root.get(page))
        assert said.count("<h1") == 1, page
        [title] = re.findall(r"<title>([^<]+)</title>", said)
        titles[page] = title
    assert all(title.endswith("Keepwell") for title in titles.values()), titles


def test_the_rail_says_where_we_are(ada: Client) -> None:
    for page, place in (
        ("/accounts/willow/people/", "Accounts"),
        ("/incidents/", "Incidents"),
        ("/measures/", "Measures"),
        ("/data/records/tickets/", "Data"),
        ("/data/records/rates/", "Data"),
        ("/settings/currencies/", "Settings"),
        ("/gallery/", "Settings"),
    ):
        here = re.findall(
            r'aria-current="page"><svg.*?</svg><span class="word">(\w+)</span></a>', html(ada.get(page))
        )
        assert here == [place]


def test_the_style_sheet_is_one_file_kept_for_good(ada: Client) -> None:
    [address] = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html(ada.get("/accounts/")))
    response = ada.get(address)
    assert "immutable" in response.headers["Cache-Control"]
    assert html(response).startswith("@layer reset, tokens, base, layout, components, utilities;")
    assert ada.get("/styles-0123456789ab.css").status_code == 404


def test_light_and_dark_are_kept_on_the_device(ada: Client) -> None:
    answer = ada.post("/look/", {"theme": "dark", "back": "/measures/"})
    assert answer.headers["Location"] == "/measures/"
    assert 'data-theme="dark"' in html(ada.get("/measures/"))
    assert ada.post("/look/", {"theme": "dark", "back": "//evil.test/"}).headers["Location"] == "/"
    ada.post("/look/", {"theme": "purple"})
    assert 'data-theme="system"' in html(ada.get("/measures/"))


def test_the_rail_is_narrow_where_it_was_made_so(ada: Client) -> None:
    ada.post("/look/", {"rail": "narrow", "back": "/measures/"})
    said = html(ada.get("/measures/"))
    assert 'data-rail="narrow"' in said
    assert 'data-theme="system"' in said, "the colours stay as they are"


def test_every_place_has_a_letter_of_its_own() -> None:
    letters = [place.key for group in places.GROUPS for place in group.places]
    assert all(letters)
    assert len(letters) == len(set(letters))


@pytest.mark.django_db
def test_signing_in_and_out(lived: World) -> None:
    client = Client()
    wrong = client.post("/me/login/", {"login": "ada@fernhill.test", "password": "nonsense"})
    assert wrong.status_code == 200
    assert 'role="alert"' in html(wrong)
    form = {"login": "ADA@fernhill.test", "password": PASSWORD, "next": "/incidents/"}
    right = client.post("/me/login/", form)
    assert right.headers["Location"] == "/incidents/"
    assert "Willow" in text(client.get("/incidents/"))
    client.post("/me/logout/")
    assert client.get("/incidents/").status_code == 302


@pytest.mark.django_db
def test_nobody_signs_up_alone() -> None:
    assert "password1" not in html(Client().get("/me/signup/"))


@pytest.mark.django_db
def test_only_a_demo_says_that_it_is_one(settings: pytest.FixtureRequest) -> None:
    settings.DEMO_SIGN_IN = False  # type: ignore[attr-defined]
    assert "demonstration" not in text(Client().get("/me/login/"))
    settings.DEMO_SIGN_IN = True  # type: ignore[attr-defined]
    assert "demonstration" in text(Client().get("/me/login/"))


@pytest.mark.django_db
def test_an_unknown_address_is_answered_in_words() -> None:
    response = Client().get("/nowhere/")
    assert response.status_code == 404
    assert "There is no such page" in text(response)
    program = Client().get("/api/v1/nowhere")
    assert program.status_code == 404
    assert program.headers["Content-Type"].startswith("application/json")


def test_our_mistake_is_called_ours(ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from keepwell.faces.web.views import incidents

    def broken(**_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(incidents.found, "open_ones", broken)
    ada.raise_request_exception = False
    response = ada.get("/incidents/")
    assert response.status_code == 500
    assert "This is our mistake" in text(response)
    assert "boom" not in text(response)


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_not_taken(lived: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(lived.ada, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post(
        f"/incidents/{book.incident().pk}/closure/", {"cause_kind": "other", "cause": "x", "plan": "y"}
    )
    assert response.status_code == 403
    assert "Please send it again" in text(response)


def test_the_pages_addresses_are_stable() -> None:
    names = {name for name in get_resolver("keepwell.faces.web.urls").reverse_dict if isinstance(name, str)}
    assert {
        "accounts",
        "account",
        "incidents",
        "incident",
        "data",
        "measures",
        "settings",
        "gallery",
    } <= names


def test_the_scripts_of_a_page_weigh_at_most_60_kb(ada: Client) -> None:
    found = re.findall(r'<script[^>]* src="/static/([^"]+)"', html(ada.get("/accounts/")))
    assert len(found) > 4
    weight = 0
    for name in found:
        path = finders.find(name)
        assert isinstance(path, str), name
        weight += len(gzip.compress(Path(path).read_bytes()))
    assert weight <= 60_000
