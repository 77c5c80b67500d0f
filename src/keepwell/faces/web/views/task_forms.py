"""A task by hand: made, looked at, changed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from keepwell.access.queries import users
from keepwell.faces.web import back, taken_away
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import tasks as pages
from keepwell.faces.web.pages.tasks import TaskForm
from keepwell.faces.web.views.tasks import MOST_COLLEAGUES
from keepwell.kernel import speech
from keepwell.kernel.errors import NotFound, Refused
from keepwell.ledger.queries import accounts
from keepwell.plays.actions import task_removals, tasks
from keepwell.plays.actions.tasks import Wanted
from keepwell.plays.queries import tasks as found

DELETED = "task-deleted"


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Set a task for an account, perhaps under an incident."""
    asking.seen_by.require("work.do")
    here = back.to(request, otherwise=reverse("tasks"))
    if request.method == "GET":
        form = TaskForm.read(request.GET)
        return respond(request, "web/task.html", _new(asking, form, here))
    form = TaskForm.read(request.POST)
    try:
        account = accounts.meant(form.account, seen_by=asking.seen_by)
        incident = int(form.incident) if form.incident.isdecimal() and len(form.incident) < 19 else None
        tasks.make(
            account=account,
            wanted=Wanted(form.title, pages.due_at(form.due), form.owner, form.note),
            incident_id=incident,
            by=asking.seen_by,
            at=asking.now,
        )
    except Refused as refusal:
        return respond(request, "web/task.html", _new(asking, form, here, str(refusal)), status=422)
    messages.success(request, speech.told("Task set: %(title)s", title=form.title), extra_tags="done")
    return HttpResponseRedirect(here)


@require_http_methods(["GET", "POST"])
@signed_in
def detail(request: HttpRequest, asking: Asking, task_id: int) -> HttpResponse:
    """One task: what it is, by whom, by when; Save changes it."""
    task = found.find(task_id=task_id, seen_by=asking.seen_by)
    here = back.to(request, otherwise=reverse("tasks"))
    if request.method == "GET":
        return respond(request, "web/task.html", _page(asking, task, TaskForm.of(task), here))
    form = TaskForm.read(request.POST)
    try:
        wanted = Wanted(form.title, pages.due_of(form.due, before=task.due_at), form.owner, form.note)
        tasks.change(task_id=task_id, wanted=wanted, by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        return respond(request, "web/task.html", _page(asking, task, form, here, str(refusal)), status=422)
    messages.success(request, speech.told("The task is changed."), extra_tags="done")
    return HttpResponseRedirect(here)


@require_POST
@signed_in
def deletion(request: HttpRequest, asking: Asking, task_id: int) -> HttpResponse:
    """Take a task away that should not have been set."""
    here = back.to(request, otherwise=reverse("tasks"))
    try:
        said = task_removals.remove(task_id=task_id, by=asking.seen_by, at=asking.now)
    except NotFound:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal), extra_tags="refused")
        return HttpResponseRedirect(reverse("task", args=(task_id,)))
    told = speech.told("The task “%(title)s” is deleted.", title=said["title"])
    taken_away.keep(request, DELETED, said, told=told)
    return HttpResponseRedirect(here)


def brought_back(said: dict[str, Any], asking: Asking) -> tuple[str, str]:
    """Set it again; what to tell, and where it is."""
    number = task_removals.put_back(said, by=asking.seen_by, at=asking.now)
    return speech.told("The task “%(title)s” is back.", title=said["title"]), reverse("task", args=(number,))


def _new(asking: Asking, form: TaskForm, here: str, refused: str = "") -> pages.TaskFormPage:
    return pages.new(
        form,
        today=asking.today,
        colleagues=users.colleagues(limit=MOST_COLLEAGUES),
        owner=asking.by.email,
        account=form.account,
        back=here,
        refused=refused,
    )


def _page(
    asking: Asking, task: found.TaskItem, form: TaskForm, here: str, refused: str = ""
) -> pages.TaskFormPage:
    return pages.detail(
        task,
        form,
        now=asking.now,
        colleagues=users.colleagues(limit=MOST_COLLEAGUES),
        may_work=asking.seen_by.may("work.do"),
        back=here,
        refused=refused,
    )
