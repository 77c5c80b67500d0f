"""What is refused before anything is read or asked, in words."""

import pytest
from django.test import Client
from django.urls import resolve
from django.urls.exceptions import Resolver404

from keepwell.faces.web.views import accounts
from keepwell.kernel.errors import Invalid
from tests.faces.web import book
from tests.faces.web.reading import text

LARGE = {"CONTENT_LENGTH": str(4 * 1024 * 1024 + 1)}


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ("/accounts/a%00b/", "address"),
        ("/accounts/?q=a%00b", "query of the address"),
        ("/accounts.csv?q=a%00b", "query of the address"),
        ("/accounts/?a%00b=1", "query of the address"),
        ("/accounts/willow/timeline/?until=%00", "query of the address"),
    ],
)
def test_nul_in_an_address_is_refused_in_words(ada: Client, asked: str, what: str) -> None:
    response = ada.get(asked)
    assert response.status_code == 400
    assert f"The {what} holds the character NUL" in text(response)


@pytest.mark.django_db
def test_nul_in_a_cookie_is_refused_and_the_session_not_asked() -> None:
    client = Client()
    client.cookies["sessionid"] = "abcdefgh\x00"
    response = client.get("/accounts/")
    assert response.status_code == 400
    assert "The cookie holds the character NUL" in text(response)


def test_nul_in_a_form_is_refused_and_nothing_is_changed(ada: Client) -> None:
    place = f"/incidents/{book.incident().pk}/"
    response = ada.post(place + "closure/", {"cause": "x\x00", "plan": "y"})
    assert response.status_code == 400
    assert "The form holds the character NUL" in text(response)
    assert "Closed" not in text(ada.get(place))
    login = Client().post("/me/login/", {"login": "a\x00@b.test", "password": "x"})
    assert login.status_code == 400


def test_nul_written_into_a_key_is_no_address() -> None:
    with pytest.raises(Resolver404):
        resolve("/accounts/a~00b/")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/data/sources/new/", "/me/login/", "/data/imports/new/", "/nowhere/"])
def test_strangers_cannot_send_much(path: str) -> None:
    response = Client().post(path, {"name": "x"}, **LARGE)
    assert response.status_code == 413
    assert "At most 4 MB are taken here." in text(response)


@pytest.mark.django_db
def test_programs_are_told_in_their_manner() -> None:
    large = Client().post("/api/v1/imports/1/start", "{}", content_type="application/json", **LARGE)
    assert (large.status_code, large.json()["error"][:12]) == (413, "At most 4 MB")
    nul = Client().get("/api/v1/accounts?search=a%00b")
    assert nul.status_code == 400
    assert "holds the character NUL" in nul.json()["error"]
    upload = Client().post("/api/v1/imports?kind=accounts", {"name": "x"}, **LARGE)
    assert upload.status_code == 401, "its door asks for the token before it reads"


def test_those_who_are_signed_in_may_send_a_large_file(ada: Client) -> None:
    form = "name=" + "x" * (4 * 1024 * 1024)
    response = ada.post("/data/imports/new/", form, content_type="text/plain")
    assert response.status_code == 403
    assert "Your role does not allow this" in text(response), "Ada got past the entrance"


@pytest.mark.parametrize("page", ["/accounts/", "/accounts/willow/", "/accounts.csv", "/incidents/999999/"])
def test_pages_and_downloads_stay_out_of_caches(ada: Client, page: str) -> None:
    assert ada.get(page).headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "asked",
    [
        "/accounts/?as_of=0001-01-01",
        "/accounts/?as_of=9999-12-31",
        "/accounts.csv?as_of=0001-01-01",
        "/accounts/willow/timeline/?until=0001-01-01",
        "/accounts/willow/timeline/?until=9999-12-31",
    ],
)
def test_days_out_of_reach_are_refused_in_words(ada: Client, asked: str) -> None:
    response = ada.get(asked)
    assert response.status_code == 400
    assert "is out of reach. Use YYYY-MM-DD from 1970-01-01 to 2199-12-31." in text(response)


def test_a_file_that_cannot_be_made_does_not_begin(ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise Invalid("Not that.")

    monkeypatch.setattr(accounts.book, "page", refuse)
    response = ada.get("/accounts.csv")
    assert response.status_code == 400
    assert "Not that." in text(response)
