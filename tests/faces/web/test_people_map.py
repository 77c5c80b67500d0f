"""The stakeholder map: lines, gaps, one person beside it, changes with undo, past days, CSV and API."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from keepwell.access.actions import tokens
from keepwell.faces.web.pages import people_map
from keepwell.ledger.actions import people, relay
from keepwell.ledger.models import Stakeholder
from keepwell.ledger.queries.people import StakeholderView
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW, TESTS, TODAY, World

HERE = "/accounts/elm/people/"
DAY = timedelta(days=1)


def placed(*rows: dict[str, object]) -> None:
    stands = [{"account": "elm", **row} for row in rows]
    verdicts = people.upsert(rows=stands, source="crm", by=TESTS, at=NOW - 20 * DAY, vouched=False)
    assert not [verdict for verdict in verdicts if verdict.outcome == "rejected"], verdicts
    relay.all_waiting(at=NOW)


def test_lines_stance_influence_and_gaps_stand_on_the_map(ada: Client) -> None:
    placed(
        {
            "key": "dora",
            "name": "Dora",
            "title": "Head of plants",
            "influence": 4,
            "stance": "sceptic",
            "roles": ["it"],
        },
        {"key": "emil", "name": "Emil", "reports_to": "dora", "stance": "supporter"},
        {"key": "finn", "name": "Finn", "status": "on_leave", "stance": "neutral"},
    )
    page = html(ada.get(HERE))
    assert re.search(r'data-weight="4".*?Dora.*?aria-label="Report to Dora".*?Emil', page, re.DOTALL)
    said = text(ada.get(HERE))
    assert "No executive sponsor" in said
    assert "No champion" in said
    assert "Nobody is named for executive, product owner, end user, procurement." in said
    assert "On leave · never in touch" in said
    assert " style=" not in page


def test_a_person_is_changed_beside_the_map_and_the_change_is_undone(ada: Client) -> None:
    placed({"key": "dora", "name": "Dora", "stance": "sceptic", "influence": 2})
    beside = text(ada.get(f"{HERE}?person=dora"))
    assert "Dora Close Sceptic" in beside
    answer = ada.post(
        f"{HERE}rows/dora/", {"stance": "champion", "influence": "5", "roles": "executive"}, follow=True
    )
    assert "Dora is saved. Undo" in text(answer)
    stake = Stakeholder.objects.get(person__key="dora")
    assert (stake.stance, stake.influence, stake.roles) == ("champion", 5, ["executive"])
    undo = re.search(r'name="removed" value="([^"]+)"', html(answer))
    assert undo is not None
    assert "Dora is as before." in text(ada.post("/undo/", {"removed": undo[1]}, follow=True))
    stake.refresh_from_db()
    assert (stake.stance, stake.influence, stake.roles) == ("sceptic", 2, [])
    relay.all_waiting(at=NOW)
    told = text(ada.get(f"{HERE}rows/dora/history/"))
    assert "Stance: Champion → Sceptic" in told
    assert "Stance: Sceptic → Champion" in told


def test_a_line_that_runs_in_a_circle_is_refused_in_words(ada: Client) -> None:
    placed({"key": "dora", "name": "Dora"}, {"key": "emil", "name": "Emil", "reports_to": "dora"})
    answer = ada.post(f"{HERE}rows/dora/", {"reports_to": "emil"})
    assert answer.status_code == 422
    assert "the line would run in a circle" in text(answer)
    assert Stakeholder.objects.get(person__key="dora").reports_to is None


def test_a_past_day_shows_the_map_of_that_day_and_changes_nothing(ada: Client) -> None:
    placed({"key": "dora", "name": "Dora", "stance": "sceptic"})
    ada.post(f"{HERE}rows/dora/", {"stance": "champion"})
    relay.all_waiting(at=NOW)
    then = ada.get(f"{HERE}?as_of={TODAY - 2 * DAY}&person=dora")
    assert "Dora Close Sceptic" in text(then)
    assert "Save" not in text(then)
    assert ada.get(f"{HERE}?as_of=soon").status_code == 400


def test_names_of_every_script_stand_as_they_are(ada: Client) -> None:
    placed({"key": "noa", "name": "נועה לוי"}, {"key": "joy", "name": "🙂 Joy", "stance": "neutral"})
    page = html(ada.get(HERE))
    assert "<bdi>נועה לוי</bdi>" in page
    assert "<bdi>🙂 Joy</bdi>" in page


def test_sixty_people_fit_and_the_rest_are_in_the_list() -> None:
    rows = [
        StakeholderView(f"k{n:03}", f"P {n}", "", "", "", "neutral", "active", influence=1 + n % 5)
        for n in range(80)
    ]
    made = people_map.build(rows, {}, here="/", chosen="", today=TODAY, query={})
    assert (len(made.apart), made.rest) == (60, 20)
    assert made.apart[0].weight == 5


def test_lines_that_run_in_a_circle_in_old_data_end_somewhere() -> None:
    a = StakeholderView("a", "A", "", "", "", "", "active", reports_to_key="b")
    b = StakeholderView("b", "B", "", "", "", "", "active", reports_to_key="a")
    made = people_map.build([a, b], {}, here="/", chosen="", today=TODAY, query={})
    assert {node.key for node in made.apart} == {"a", "b"}


def test_csv_and_api_say_the_same_and_only_to_who_may_see(
    ada: Client, lived: World, sign_in: SignIn, client: Client
) -> None:
    placed({"key": "dora", "name": "Dora", "stance": "sceptic", "influence": 3})
    response = ada.get("/accounts/elm/people.csv")
    lines = b"".join(response.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert lines[1].startswith("dora,Dora,,,,sceptic,3,,active")
    secret = tokens.create(user=lived.ada, name="t", may_write=False, expires_at=None, by=TESTS, at=NOW)
    bearer = {"Authorization": f"Bearer {secret}"}
    said = client.get("/api/v1/accounts/elm/stakeholders", headers=bearer).json()
    assert [(one["key"], one["stance"], one["strength"]) for one in said["people"]] == [
        ("dora", "sceptic", None)
    ]
    changes = client.get("/api/v1/accounts/elm/stakeholders/changes?person=dora", headers=bearer).json()
    assert {one["field"] for one in changes} == {"status", "stance", "influence"}
    cleo = sign_in(lived.cleo)
    for address in (HERE, "/accounts/elm/people.csv", f"{HERE}rows/dora/history/"):
        assert cleo.get(address).status_code == 404
    assert cleo.post(f"{HERE}rows/dora/", {"stance": "champion"}).status_code == 404


@pytest.mark.parametrize("address", ["?person=nobody", "rows/nobody/history/"])
def test_who_is_not_there_is_not_found(ada: Client, address: str) -> None:
    assert ada.get(HERE + address).status_code == 404
