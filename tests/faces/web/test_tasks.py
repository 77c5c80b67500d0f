"""The pages of tasks: the list, the form, deeds on many, files in and out."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from keepwell.access.models import AuditEntry
from keepwell.faces.web.models import TakenAway
from keepwell.plays.actions import tasks
from keepwell.plays.actions.tasks import Wanted
from keepwell.plays.models import Incident, Task
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW, World

FORM = {"title": "Call Dora", "account": "Elm", "due": "2026-06-17", "owner": "ada@fernhill.test", "note": ""}


def made(ada: Client, **changed: str) -> Task:
    answer = ada.post("/tasks/new/", FORM | changed)
    assert answer.status_code == 302, text(answer)
    return Task.objects.latest("pk")


def test_a_task_is_set_seen_changed_and_done(ada: Client) -> None:
    task = made(ada)
    said = text(ada.get("/tasks/"))
    assert "Call Dora" in said
    assert "due 17 Jun, 17:00 UTC" in said
    ada.post(f"/tasks/{task.pk}/", FORM | {"title": "Call Emil", "due": "2026-06-18"})
    assert "Call Emil" in text(ada.get("/tasks/"))
    assert "due 18 Jun, 17:00" in text(ada.get("/tasks/"))
    ada.post(f"/tasks/{task.pk}/completion/", {"back": "/tasks/"})
    assert "Call Emil" not in text(ada.get("/tasks/"))
    assert "Done 15 Jun, 12:00 UTC by Ada" in text(ada.get("/tasks/?state=done"))
    assert "Call Emil" in text(ada.get("/accounts/elm/incidents/"))


def test_a_form_that_is_refused_keeps_what_was_typed(ada: Client) -> None:
    answer = ada.post("/tasks/new/", FORM | {"owner": "cleo@fernhill.test", "note": "mind the gap"})
    assert answer.status_code == 422
    assert "Cleo may not see Elm" in text(answer)
    assert "mind the gap" in text(answer)
    assert ada.post("/tasks/new/", FORM | {"due": "tomorrow"}).status_code == 422
    assert ada.post("/tasks/new/", FORM | {"account": "nobody"}).status_code == 422


def test_many_are_done_at_once_and_one_button_takes_it_back(ada: Client) -> None:
    numbers = [made(ada, title=f"Call {name}").pk for name in ("Dora", "Emil")]
    answer = ada.post("/tasks/several/", {"task": numbers, "deed": "done", "back": "/tasks/"}, follow=True)
    assert "2 tasks done." in text(answer)
    undo = TakenAway.objects.get().pk.hex
    assert "2 tasks open again." in text(ada.post("/undo/", {"removed": f"undo-{undo}"}, follow=True))
    assert "Call Dora" in text(ada.get("/tasks/"))


def test_many_are_given_to_ben_and_postponed(ada: Client, lived: World, sign_in: SignIn) -> None:
    number = made(ada).pk
    ada.post("/tasks/several/", {"task": number, "deed": "assign", "owner": "ben@fernhill.test"})
    ada.post("/tasks/several/", {"task": number, "deed": "postpone", "due": "2026-06-30"})
    said = text(sign_in(lived.ben).get("/tasks/"))
    assert "Call Dora" in said
    assert "due 30 Jun" in said
    assert "Choose at least one" in text(ada.post("/tasks/several/", {"deed": "done"}, follow=True))
    assert sign_in(lived.cleo).get(f"/tasks/{number}/").status_code == 404


def test_the_file_goes_out_and_comes_in_unchanged(ada: Client) -> None:
    made(ada, note="=SUM(A1)")
    file = b"".join(ada.get("/tasks.csv")).decode()
    assert "'=SUM(A1)" in file, "no spreadsheet runs it"
    upload = SimpleUploadedFile("tasks.csv", file.replace("'=SUM", "=SUM").encode())
    said = text(ada.post("/tasks/file/", {"file": upload}))
    assert "4 unchanged" in said, "the incident's three and Ada's"
    wrong = SimpleUploadedFile("tasks.csv", b"account,title,due\nelm,,2026-06-17\n")
    assert "2 title is empty." in text(ada.post("/tasks/file/", {"file": wrong}))
    assert ada.post("/tasks/file/", {"file": SimpleUploadedFile("t.csv", b"a,b\n1,2\n")}).status_code == 422


def test_an_incident_is_opened_by_hand(ada: Client) -> None:
    form = {"account": "Elm", "title": "Data loss", "note": "since noon", "hours": "24"}
    assert ada.post("/incidents/new/", form | {"hours": "soon"}).status_code == 422
    answer = ada.post("/incidents/new/", form, follow=True)
    said = text(answer)
    assert "Opened 15 Jun, 12:00 UTC by Ada" in said
    assert "since noon" in said
    assert "1 d left" in said
    assert ada.post("/incidents/new/", form).status_code == 422, "one at a time"
    number = Incident.objects.latest("pk").pk
    made(ada, incident=str(number), title="Restore the backup")
    assert "Restore the backup" in text(ada.get(f"/incidents/{number}/"))


def test_who_may_only_read_sees_no_buttons(lived: World, sign_in: SignIn, ada: Client) -> None:
    task = made(ada)
    lived.root.role = "read_only"
    lived.root.save()
    reader = sign_in(lived.root)
    assert "New task" not in text(reader.get("/tasks/?whose=team"))
    assert "Call Dora" in text(reader.get("/tasks/?whose=team"))
    assert reader.get("/tasks/new/").status_code == 403
    assert reader.post(f"/tasks/{task.pk}/", FORM).status_code == 403 or task.title == "Call Dora"


def test_a_task_set_by_mistake_is_deleted_and_brought_back(ada: Client, lived: World) -> None:
    wanted = Wanted("Wrong account", NOW, "ada@fernhill.test", "Take care")
    number = tasks.make(account="birch", wanted=wanted, by=lived.scope("ada"), at=NOW)
    place = f"/tasks/{number}/"
    assert "Delete this task" in text(ada.get(place))
    done = ada.post(f"{place}deletion/", follow=True)
    assert "The task “Wrong account” is deleted." in text(done)
    assert ada.get(place).status_code == 404
    mark = re.search(r'name="removed" value="([^"]+)"', html(done))
    assert mark is not None
    back = ada.post("/undo/", {"removed": mark[1]})
    assert back.headers["Location"] == place
    task = Task.objects.get(pk=number)
    assert (task.title, task.note, task.assignee, task.due_at) == (
        "Wrong account",
        "Take care",
        lived.ada,
        NOW,
    )
    deeds = AuditEntry.objects.filter(subject=f"task:{number}").order_by("pk").values_list("deed", flat=True)
    assert list(deeds) == ["task.make", "task.delete", "task.put_back"]


def test_what_was_done_and_what_belongs_to_an_incident_is_not_deleted(ada: Client, lived: World) -> None:
    number = tasks.make(account="birch", wanted=Wanted("Call", NOW), by=lived.scope("ada"), at=NOW)
    tasks.complete(task_id=number, by=lived.scope("ada"), at=NOW)
    assert "what was done stays" in text(ada.post(f"/tasks/{number}/deletion/", follow=True))
    of_incident = Task.objects.filter(incident__isnull=False).first()
    assert of_incident is not None
    refused = ada.post(f"/tasks/{of_incident.pk}/deletion/", follow=True)
    assert "part of an incident" in text(refused)
    assert Task.objects.filter(pk__in=[number, of_incident.pk]).count() == 2
