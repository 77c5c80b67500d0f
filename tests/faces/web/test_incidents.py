"""Incidents: their clock, their tasks, and their end."""

import re

import pytest
from django.test import Client

from tests.faces.web import book
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import World


def place() -> str:
    return f"/incidents/{book.incident().pk}/"


def first_task() -> str:
    from keepwell.plays.models import Task

    task = Task.objects.filter(incident=book.incident()).order_by("due_at").first()
    assert task is not None
    return f"/tasks/{task.pk}/completion/"


def test_the_list_says_how_many_and_whose_clock_is_shortest(ada: Client) -> None:
    said = text(ada.get("/incidents/"))
    assert "1 incident open." in said
    assert "Willow" in said
    assert "1 d left due 16 Jun, 12:00 UTC" in said


def test_a_quiet_book_says_what_would_open_an_incident(lived: World, sign_in: SignIn) -> None:
    said = text(sign_in(lived.cleo).get("/incidents/"))
    assert "No incident is open." in said
    assert "An incident opens by itself" in said


def test_an_incident_shows_its_evidence_as_it_was(ada: Client) -> None:
    said = text(ada.get(place()))
    assert "Evidence at opening" in said
    assert "Escalations a month 3.3 a month At risk 15 0" in said
    assert re.search(r"Health \d+ At risk as it was known then · now \d+ At risk · Open the account", said)
    assert "Why unknown" not in said, "all was known"


def test_a_task_is_completed_and_reopened(ada: Client) -> None:
    task = first_task()
    ada.post(task, {"back": place()})
    assert "1 of 3 done" in text(ada.get(place()))
    assert "Done 15 Jun, 12:00 UTC by Ada" in text(ada.get(place()))
    answer = ada.post(task, {"back": place(), "reopen": "1"})
    assert answer.headers["Location"] == place()
    assert "0 of 3 done" in text(ada.get(place()))


def test_htmx_gets_the_tasks_alone(lived: World, sign_in: SignIn) -> None:
    answer = sign_in(lived.ada, htmx=True).post(first_task(), {"incident": str(book.incident().pk)})
    assert html(answer).lstrip().startswith('<div class="section" id="tasks"')
    assert "1 of 3 done" in text(answer)
    assert 'id="undone" hx-swap-oob="true"' in html(answer)


def test_closing_says_first_what_is_not_done(ada: Client) -> None:
    assert "3 tasks are not done." in text(ada.get(place()))
    ada.post(first_task(), {"back": place()})
    assert "2 tasks are not done." in text(ada.get(place()))
    told = {"cause": "Exports broke.", "plan": "Fixed on Friday."}
    closed = text(ada.post(place() + "closure/", told, follow=True))
    assert "tasks are not done" not in closed
    assert closed.count("Not done") == 2, "a closed incident has no clock that runs"


@pytest.mark.parametrize("incident", ["²", "9" * 5000, "x", ""])
def test_htmx_without_a_readable_incident_is_sent_back(lived: World, sign_in: SignIn, incident: str) -> None:
    answer = sign_in(lived.ada, htmx=True).post(first_task(), {"incident": incident, "back": place()})
    assert (answer.status_code, answer.headers["Location"]) == (302, place())


def test_who_was_slower_is_told(ada: Client) -> None:
    task = first_task()
    ada.post(task, {"back": place()})
    said = text(ada.post(task, {"back": place()}, follow=True))
    assert "Somebody else has completed this task already." in said


def test_nobody_is_sent_to_another_site(ada: Client) -> None:
    answer = ada.post(first_task(), {"back": "https://evil.test/"})
    assert answer.headers["Location"] == "/incidents/"


def test_it_closes_only_with_a_cause_and_a_plan(ada: Client) -> None:
    answer = ada.post(place() + "closure/", {"cause": "Exports broke in the new release.", "plan": " "})
    assert answer.status_code == 422
    assert "Missing: plan." in text(answer)
    assert "Exports broke in the new release." in text(answer), "what was typed stays typed"


def test_closed_it_keeps_what_was_learned(ada: Client) -> None:
    told = {"cause": "Exports broke.", "plan": "Fixed on Friday; Grace tests it."}
    said = text(ada.post(place() + "closure/", told, follow=True))
    assert "Incident closed." in said
    assert "Closed 15 Jun, 12:00 UTC by Ada" in said
    assert "Fixed on Friday; Grace tests it." in said
    assert "Closed in time" in text(ada.get("/incidents/"))
    again = ada.post(place() + "closure/", told)
    assert again.status_code == 409
    assert "Somebody else has closed this incident already." in text(again)


def test_cleo_finds_no_incident(lived: World, sign_in: SignIn) -> None:
    cleo = sign_in(lived.cleo)
    assert cleo.get(place()).status_code == 404
    assert cleo.post(place() + "closure/", {"cause": "x", "plan": "y"}).status_code == 404
