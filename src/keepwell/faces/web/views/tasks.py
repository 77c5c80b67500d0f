"""Tasks: the list with its filters and deeds on many, as CSV out and in."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.access.queries import users
from keepwell.faces import task_files
from keepwell.faces.components import words
from keepwell.faces.web import back, taken_away, uploads
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import tasks as pages
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, Refused
from keepwell.ledger.queries import accounts
from keepwell.plays.actions import task_rows, tasks
from keepwell.plays.queries import tasks as found
from keepwell.plays.queries.tasks import Asked

SHOWN = 100
MOST_COLLEAGUES = 200
DONE = "tasks-done"


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Mine, my team's, or those I set; open, overdue or done."""
    return respond(request, "web/tasks.html", _page(request, asking), part="rows")


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """The tasks that are asked for as a file that comes in unchanged."""
    asked = _asked(request, asking)
    lines = task_files.lines(found.each(asked=asked, seen_by=asking.seen_by, now=asking.now))
    return StreamingHttpResponse(lines, headers=task_files.HEADERS)


@require_POST
@signed_in
def several(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Complete, assign or postpone the chosen tasks."""
    chosen = [int(text) for text in request.POST.getlist("task") if text.isdecimal() and len(text) < 19]
    deed = _DEEDS.get(request.POST.get("deed", ""))
    here = back.to(request, otherwise=reverse("tasks"))
    try:
        if deed is None:
            raise Invalid("Choose what to do with the tasks: done, assign or postpone.")
        if not chosen:
            raise Invalid("Choose at least one task.")
        deed(request, asking, chosen)
    except Refused as refusal:
        messages.error(request, speech.said(refusal), extra_tags="refused")
    return HttpResponseRedirect(here)


def _complete(request: HttpRequest, asking: Asking, chosen: list[int]) -> None:
    done = tasks.complete_all(task_ids=chosen, by=asking.seen_by, at=asking.now)
    taken_away.keep(
        request, DONE, list(done), told=speech.told("%(tasks)s done.", tasks=words.count(len(done), "task"))
    )


def _assign(request: HttpRequest, asking: Asking, chosen: list[int]) -> None:
    to = request.POST.get("owner", "")
    moved = tasks.assign(task_ids=chosen, to=to, by=asking.seen_by, at=asking.now)
    whom = users.by_email(to) if to else "nobody"
    messages.success(
        request,
        speech.told("%(tasks)s given to %(whom)s.", tasks=words.count(moved, "task"), whom=whom),
        extra_tags="done",
    )


def _postpone(request: HttpRequest, asking: Asking, chosen: list[int]) -> None:
    until = pages.due_at(request.POST.get("due", ""))
    moved = tasks.postpone(task_ids=chosen, until=until, by=asking.seen_by, at=asking.now)
    told = speech.told(
        "%(tasks)s due %(until)s.",
        tasks=words.count(moved, "task"),
        until=words.moment(until, today=asking.today),
    )
    messages.success(request, told, extra_tags="done")


_DEEDS: dict[str, Callable[[HttpRequest, Asking, list[int]], None]] = {
    "done": _complete,
    "assign": _assign,
    "postpone": _postpone,
}


def reopened(said: list[int], asking: Asking) -> tuple[str, str]:
    """Take completions back; what to tell, and where to go."""
    for task_id in said:
        tasks.reopen(task_id=task_id, by=asking.seen_by, at=asking.now)
    return speech.told("%(tasks)s open again.", tasks=words.count(len(said), "task")), reverse("tasks")


@require_http_methods(["GET", "POST"])
@signed_in
def file(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Tasks from a file: made, or changed where their key is known; each row that was not taken says why."""
    asking.seen_by.require("work.do")
    verdicts: list[task_rows.Verdict] = []
    refused = ""
    if request.method == "POST":
        try:
            verdicts = task_rows.put(
                rows=task_rows.read_csv(uploads.text(request)), by=asking.seen_by, at=asking.now
            )
        except Invalid as refusal:
            refused = str(refusal)
    page = {
        "columns": ", ".join(task_rows.COLUMNS),
        "counts": words.outcomes(one.outcome for one in verdicts),
        "rejected": [
            (number, verdict.reason)
            for number, verdict in enumerate(verdicts, 2)
            if verdict.outcome == "rejected"
        ],
        "refused": refused,
    }
    return respond(request, "web/tasks_file.html", page, status=422 if refused else 200)


def _asked(request: HttpRequest, asking: Asking) -> Asked:
    given = request.GET
    account = given.get("account", "").strip()
    return found.read(
        whose=given.get("whose", "mine"),
        state=given.get("state", "open"),
        account=accounts.meant(account, seen_by=asking.seen_by) if account else "",
        search=given.get("q", "").strip(),
    )


def _page(request: HttpRequest, asking: Asking) -> pages.TasksPage:
    asked, offset = _asked(request, asking), _whole(request.GET.get("offset", ""))
    may = asking.seen_by
    return pages.page(
        found.page(asked=asked, seen_by=may, now=asking.now, offset=offset, limit=SHOWN),
        asked=asked,
        total=found.count(asked=asked, seen_by=may, now=asking.now),
        offset=offset,
        limit=SHOWN,
        now=asking.now,
        may_work=may.may("work.do"),
        colleagues=users.colleagues(limit=MOST_COLLEAGUES),
    )


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
