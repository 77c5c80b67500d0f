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
    told = {"cause_kind": "defects", "cause": "Exports broke.", "plan": "Fixed on Friday."}
    closed = text(ada.post(place() + "closure/", told, follow=True))
    assert "tasks are not done" not in closed
    assert "3 of 3 done" in closed, "what served the clocks is done with cause and plan"


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
    answer = ada.post(
        place() + "closure/",
        {"cause_kind": "defects", "cause": "Exports broke in the new release.", "plan": " "},
    )
    assert answer.status_code == 422
    assert "Missing: plan." in text(answer)
    assert "Exports broke in the new release." in text(answer), "what was typed stays typed"


def test_closed_it_keeps_what_was_learned(ada: Client) -> None:
    told = {"cause_kind": "defects", "cause": "Exports broke.", "plan": "Fixed on Friday; Grace tests it."}
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
    assert (
        cleo.post(place() + "closure/", {"cause_kind": "defects", "cause": "x", "plan": "y"}).status_code
        == 404
    )


def test_the_war_room_says_until_when_who_is_called_and_what_happened(ada: Client) -> None:
    said = text(ada.get(place()))
    assert "Call 1 d left due 16 Jun, 12:00 UTC calendar time" in said
    assert "Root cause 5 d of working time left" in said
    assert "Corrective plan 10 d of working time left" in said
    assert "ARR at stake $48,000" in said
    assert "Called together" in said
    assert "Nobody holds the role" not in said, "the administrator stands in for the tech lead"


def test_cause_and_plan_are_noted_one_by_one_and_then_it_closes(ada: Client) -> None:
    assert "Missing: cause and plan." in text(ada.post(place() + "closure/"))
    refused = ada.post(place() + "cause/", {"cause_kind": "luck", "cause": "It rained."})
    assert refused.status_code == 422
    assert "It rained." in text(refused)
    ada.post(place() + "cause/", {"cause_kind": "defects", "cause": "Exports broke."})
    noted = text(ada.post(place() + "plan/", {"plan": "Fixed on Friday."}, follow=True))
    assert noted.count("Done in time") == 2
    closed = text(ada.post(place() + "closure/", follow=True))
    assert "Incident closed." in closed
    assert "Defects or outages" in closed
    again = text(ada.post(place() + "reopening/", follow=True))
    assert "The incident is open again." in again
    assert "The closure was taken back" in again


def test_who_was_on_the_call_is_noted_and_who_was_told(ada: Client) -> None:
    said = text(
        ada.post(
            place() + "call/", {"there_csm": "ada@fernhill.test", "said": "The export fails"}, follow=True
        )
    )
    assert "Ada was there" in said
    assert "The export fails" in said
    told = text(ada.post(place() + "escalation/", {"words": "They ask for you"}, follow=True))
    assert "The executive was told." in told
    assert "Escalated by hand Ada Willow: They ask for you" in told
    noted = text(ada.post(place() + "notes/", {"text": "Waiting for the fix"}, follow=True))
    assert "Note Ada Waiting for the fix" in noted
    assert ada.post(place() + "notes/", {"text": " "}).status_code == 422


def test_an_incident_is_opened_by_hand_about_something(ada: Client) -> None:
    form = {"account": "elm", "title": "They are angry", "about": "relationship"}
    said = text(ada.post("/incidents/new/", form, follow=True))
    assert "Elm: They are angry" in said
    refused = ada.post("/incidents/new/", form)
    assert "has an open incident about that already" in text(refused)


@pytest.mark.parametrize("part", ["clock", "clocks", "tasks", "happened"])
def test_each_live_part_asks_for_itself_alone(lived: World, sign_in: SignIn, part: str) -> None:
    answer = sign_in(lived.ada, htmx=True).get(place(), headers={"HX-Target": part})
    assert f'id="{part}"' in html(answer)
    assert "<h1>" not in html(answer)


def test_losses_are_looked_back_on(lived: World, sign_in: SignIn) -> None:
    found = book.autopsy()
    root = sign_in(lived.root)
    said = text(root.get("/incidents/autopsies/"))
    assert "1 departure in the last year; a signal came before 0 of them" in said
    assert "With a signal before 0 %" in said
    one = text(root.get(f"/incidents/autopsies/{found.pk}/"))
    assert "what could have been known" in one
    assert "Health as it was known then" in one
    report = root.get(f"/incidents/autopsies/{found.pk}/report.pdf")
    assert report.content.startswith(b"%PDF")
    assert sign_in(lived.cleo).get(f"/incidents/autopsies/{found.pk}/").status_code == 404
    assert b"".join(root.get("/incidents/autopsies.csv")).startswith(b"id,account,account_name,left_on")


def test_incidents_go_out_as_a_file(ada: Client) -> None:
    rows = b"".join(ada.get("/incidents.csv")).decode().splitlines()
    assert rows[1].startswith(f"{book.incident().pk},willow,Willow,")


def test_how_incidents_are_answered_is_read_by_all_and_declared_by_few(
    ada: Client, lived: World, sign_in: SignIn
) -> None:
    said = text(ada.get("/settings/incidents/"))
    assert "Call 24 hours, calendar time" in said
    assert "A clock runs out tell Executive" in said
    assert ada.post("/settings/incidents/", {"definition": "{}"}).status_code == 403
    root = sign_in(lived.root)
    through = {"definition": '{"path": [{"after_hours": 0, "tells": ["pm"]}]}'}
    refused = root.post("/settings/incidents/", through)
    assert refused.status_code == 422
    assert "never goes through the PM" in text(refused)
    assert "is no JSON" in text(root.post("/settings/incidents/", {"definition": "{"}))
    declared = {"definition": '{"reopen_days": 30}', "segment": "shaky"}
    shown = text(root.post("/settings/incidents/", declared, follow=True))
    assert "Shaky Declared 15 Jun" in shown
    assert "The same incident again within 30 days" in shown
    gone = text(root.post("/settings/incidents/", {"deed": "withdraw", "segment": "shaky"}, follow=True))
    assert "Shaky Declared" not in gone
