"""The search: a page without script, and the list of the palette."""

from typing import Any

from django.test import Client

from keepwell.access.actions import tokens
from keepwell.access.models import User
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW, TESTS, World


def listed(client: Client, typed: str, **more: object) -> list[str]:
    said = html(client.get("/search/palette/", {"q": typed, **more}))
    return [part.split("</bdi>")[0] for part in said.split('<span class="title"><bdi>')[1:]]


def test_the_page_finds_and_says_what_it_is(ada: Client) -> None:
    page = ada.get("/search/?q=wilow")
    assert 'href="/accounts/willow/"' in html(page)
    assert "answer" in text(page)
    assert "Nothing that you may see" in text(ada.get("/search/?q=xylophone"))
    assert "cannot be searched for" in text(ada.get("/search/?q=x&kind=unicorn"))


def test_the_palette_names_deeds_pages_and_things(ada: Client, lived: World, sign_in: SignIn) -> None:
    assert listed(ada, "willow")[0] == "Willow"
    assert listed(ada, "log a touchpoint wil")[0] == "Log a touchpoint for Willow"
    assert listed(ada, "dark") == ["Dark colours"]
    assert "Accounts as of 1\u00a0Mar" in listed(ada, "as of 2026-03-01")
    assert "New segment" not in listed(ada, "new seg"), "Ada may not"
    assert "New segment" in listed(sign_in(lived.root), "new seg")


def test_nothing_typed_shows_what_was_opened_lately_and_may_be_seen(
    ada: Client, lived: World, sign_in: SignIn
) -> None:
    assert listed(ada, "", recent=["elm", "nobody"])[0] == "Elm"
    assert "Elm" not in listed(sign_in(lived.cleo), "", recent="elm")
    assert "Willow" not in listed(sign_in(lived.cleo), "willow")


def test_a_program_finds_the_same(lived: World) -> None:
    def asked(user: User, query: str) -> Any:
        token = tokens.create(user=user, name="t", by=TESTS, at=NOW, may_write=False)
        return Client(headers={"Authorization": f"Bearer {token}"}).get(f"/api/v1/search?{query}")

    [first, *_] = asked(lived.ada, "q=wilow").json()
    assert (first["kind"], first["key"]) == ("account", "willow")
    assert asked(lived.cleo, "q=willow&kind=account").json() == []
    assert asked(lived.ada, "q=willow&kind=unicorn").status_code == 422
