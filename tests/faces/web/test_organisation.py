"""An account's place among others: seen as of a day, changed, merged, split and taken back by hand."""

import re
from datetime import date

import pytest
from django.test import Client

from keepwell.ledger.actions import contracts, events, hierarchy, people, relay
from keepwell.ledger.event import Event
from keepwell.ledger.models import Reorganisation
from tests import world
from tests.faces.web.reading import text
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db
HERE = "/accounts/elm/organisation/"


@pytest.fixture
def cast() -> world.World:
    made = world.build()
    terms = {"arr": 1000, "currency": "USD", "start_date": date(2026, 1, 1)}
    rows = [{"key": f"c-{key}", "account": key, **terms} for key in ("birch", "elm", "ash")]
    contracts.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    rows = [{"key": "dora", "name": "Dora", "account": "elm", "roles": ["executive"], "influence": 4}]
    people.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    for child, parent in (("elm", "birch"), ("ash", "elm")):
        hierarchy.place(child=child, parent=parent, kind="legal", since=date(2026, 3, 1), by=TESTS, at=NOW)
    used = Event(id="e1", account="Elm EU", name="login", at=NOW, source="app")
    events.append(events=[used], received_at=NOW)
    relay.all_waiting(at=NOW)
    return made


@pytest.fixture
def root(cast: world.World) -> Client:
    client = Client()
    client.force_login(cast.root)
    return client


def test_the_tree_is_shown_as_of_a_day_and_ada_may_look_but_not_change(
    cast: world.World, root: Client
) -> None:
    told = text(root.get(HERE))
    assert "Birch › Elm" in told
    assert re.search(r"Birch \$1,000 \$3,000 .*Elm \$1,000 \$2,000 .*Ash \$1,000 –", told)
    assert "Health of all below: worst of all below." in told
    assert (
        "Below it 1 account ARR with all below $2,000 Health of all below – Unknown 0 of 1 known Stands lowest"
        in told
    )
    assert "It stood alone" in text(root.get(f"{HERE}?kind=legal&as_of=2026-02-01"))
    ada = Client()
    ada.force_login(cast.ada)
    shown = ada.get(HERE)
    assert "Merge it" not in text(shown)
    assert ada.post(f"{HERE}place/", {"parent": "ash", "kind": "legal"}).status_code == 403


def test_a_place_is_stated_and_a_loop_refused_in_words(root: Client) -> None:
    told = root.post(f"{HERE}place/", {"parent": "ash", "kind": "legal", "since": "2026-04-01"})
    assert (told.status_code, "would stand under each other" in text(told)) == (422, True)
    assert (
        root.post(f"{HERE}place/", {"parent": "", "kind": "legal", "since": "2026-04-01"}).status_code == 302
    )
    assert "Birch, 1 Mar to 1 Apr" in text(root.get(HERE))


def test_a_merger_says_what_moves_then_moves_it_and_is_taken_back(root: Client) -> None:
    assert "into another account" in text(root.get(f"{HERE}merger/"))
    told = text(root.get(f"{HERE}merger/?target=birch"))
    assert "Merge Elm into Birch?" in told
    assert "1 person" in told
    assert "1 account below it" in told
    assert "$1,000 of ARR" in told
    assert "Birch afterwards $2,000" in told
    assert text(root.get(f"{HERE}merger/?target=nobody")).count('There is no account "nobody"') == 1
    assert root.post(f"{HERE}merger/", {"target": "birch"}).status_code == 302
    told = text(root.get(HERE))
    assert "Merged into birch" in told
    assert "Contract began" in text(root.get("/accounts/elm/timeline/?now=1")), "its history stays to be read"
    assert "Took in Elm" in text(root.get("/accounts/birch/organisation/"))
    number = Reorganisation.objects.get(kind="merge").pk
    assert root.post(f"{HERE}{number}/undo/").status_code == 302
    told = text(root.get(HERE))
    assert "Merged into birch" not in told
    assert "taken back" in told


def test_a_split_is_chosen_shown_and_done(root: Client) -> None:
    assert "Dora" in text(root.get(f"{HERE}split/"))
    chosen = {"key": "elm-labs", "name": "Elm Labs", "contracts": ["c-elm"], "people": ["dora"]}
    told = text(root.post(f"{HERE}split/", chosen))
    assert "1 contracts" not in told
    assert "ARR that stays –" in told
    assert root.post(f"{HERE}split/", chosen | {"sure": "1"}).status_code == 302
    assert "Dora" in text(root.get("/accounts/elm-labs/people/"))
    again = root.post(f"{HERE}split/", {"key": "x", "name": "X", "contracts": ["c-elm"], "sure": "1"})
    assert (again.status_code, 'no contract "c-elm"' in text(again)) == (422, True)


def test_an_account_is_handed_over(root: Client) -> None:
    told = root.post(f"{HERE}owner/", {"email": "ben@fernhill.test", "role": "csm"}, follow=True)
    assert re.search(r"manager BE Ben 15 Jun now Customer success manager AD Ada 15 Jun 15 Jun", text(told))
    assert root.post(f"{HERE}owner/", {"email": "no@fernhill.test", "role": "csm"}).status_code == 422


def test_a_key_that_means_nothing_is_linked_with_one_click_and_unlinked(root: Client) -> None:
    assert 'hx-get="/data/identity/keys/" hx-trigger="load"' in root.get("/data/identity/").content.decode()
    told = root.get("/data/identity/keys/")
    assert "Elm EU" in text(told)
    assert 'value="elm"' in told.content.decode()
    root.post("/data/identity/link/", {"of": "account", "key": "Elm EU", "account": "elm"})
    told = text(root.get("/data/identity/keys/"))
    assert "Every key means an account" in told
    assert "Linked by hand" in told
    root.post("/data/identity/undo/", {"key": "Elm EU"})
    assert "Linked by hand" not in text(root.get("/data/identity/"))


def test_somebody_changes_company(root: Client) -> None:
    assert "executive" in text(root.get("/accounts/elm/people/")).lower()
    moved = {"person": "dora", "target": "ash", "on": "2026-06-10"}
    assert root.post("/accounts/elm/people/move/", moved).status_code == 302
    assert "Left, 10 Jun" in text(root.get("/accounts/elm/people/"))
    assert "Dora" in text(root.get("/accounts/ash/people/"))
