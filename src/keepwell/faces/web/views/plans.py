"""All plans of a book, a first draft, and a plan as a file."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from keepwell.faces import plan_files
from keepwell.faces.jobs import tasks
from keepwell.faces.web import uploads
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import plans as pages
from keepwell.faces.web.views import books
from keepwell.faces.web.views.account_plan import number
from keepwell.health.queries import scores
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.kernel.moments import parse_day
from keepwell.ledger.queries import accounts
from keepwell.metrics.queries import catalogue
from keepwell.outcomes import pieces as written
from keepwell.outcomes.actions import beginning, files
from keepwell.outcomes.actions.beginning import Aim
from keepwell.outcomes.queries import book, plans, templates

SHOWN = 100


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The accounts with the state of their plan."""
    asked, offset = books.asked(request), books.offset(request)
    told = books.told(asking, asked)
    rows = book.page(**told, offset=offset, limit=SHOWN + 1)
    tally = book.tally(seen_by=asking.seen_by, day=asking.day, mine=told["mine"])
    page = pages.listing(
        rows,
        tally,
        asked=asked,
        offset=offset,
        limit=SHOWN,
        today=asking.today,
        may_work=asking.seen_by.may("work.do"),
    )
    return respond(request, "web/plans.html", page)


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """All of them as a file."""
    rows = book.each(**books.told(asking, books.asked(request)))
    return streamed(f"plans-{asking.today}", plan_files.BOOK_COLUMNS, plan_files.book(rows))


@require_GET
@signed_in
def pieces(request: HttpRequest, asking: Asking, key: str) -> StreamingHttpResponse:
    """One plan as a file, a row a piece."""
    del request
    found = plans.find(account=key, seen_by=asking.seen_by, day=asking.day)
    return streamed(f"plan-{key}", written.COLUMNS, written.rows(key, found.doc))


@require_http_methods(["GET", "POST"])
@signed_in
def file(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Plans from a file: each account's is written whole, and one that was not taken says why."""
    asking.seen_by.require("work.do")
    verdicts: list[files.Verdict] = []
    refused = ""
    if request.method == "POST":
        try:
            rows = written.read_csv(uploads.text(request))
            verdicts = files.put(rows=rows, by=asking.seen_by, at=asking.now)
        except Invalid as refusal:
            refused = str(refusal)
    if verdicts:
        tasks.nudge()
    page = pages.file(verdicts, refused)
    return respond(request, "web/plans_file.html", page, status=422 if refused else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def start(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """A first draft: from a vision and three measures, from a template, or from another account's plan."""
    asking.seen_by.require("work.do")
    account = accounts.find(key=key, seen_by=asking.seen_by)
    typed = {name: str(value) for name, value in request.POST.items()}
    if request.method == "GET":
        return respond(
            request, "web/plan_start.html", _page(asking, account.id, key, account.name or key, typed)
        )
    try:
        _begin(asking, key, typed)
    except NotFound:
        raise
    except Invalid as refusal:
        page = _page(asking, account.id, key, account.name or key, typed, refused=str(refusal))
        return respond(request, "web/plan_start.html", page, status=422)
    tasks.nudge()
    messages.success(
        request,
        speech.told("The first draft stands. Go through it, then agree it with the customer."),
        extra_tags="done",
    )
    return HttpResponseRedirect(reverse("account-plan", args=(key,)))


def _begin(asking: Asking, key: str, typed: dict[str, str]) -> None:
    told: dict[str, Any] = {"account": key, "by": asking.seen_by, "at": asking.now}
    if typed.get("deed") == "template":
        beginning.from_template(slug=typed.get("template", ""), **told)
    elif typed.get("deed") == "past":
        beginning.from_past(like=typed.get("like", ""), **told)
    else:
        aims = [_aim(typed, place) for place in (1, 2, 3)]
        beginning.from_vision(
            vision=typed.get("vision", ""), aims=aims, cadence=typed.get("cadence", ""), **told
        )


def _aim(typed: dict[str, str], place: int) -> Aim:
    until = typed.get(f"until-{place}", "").strip()
    return Aim(
        typed.get(f"outcome-{place}", ""),
        typed.get(f"metric-{place}", ""),
        number(typed.get(f"target-{place}", "")),
        parse_day(until) if until else None,
    )


def _page(
    asking: Asking, account_id: int, key: str, name: str, typed: dict[str, str], refused: str = ""
) -> pages.StartPage:
    score = scores.current(account_id=account_id, seen_by=asking.seen_by)
    return pages.start(
        key, name, typed,
        metrics=[(one.slug, str(one.title)) for one in catalogue.answering()],
        templates=templates.everything(),
        past=templates.past(seen_by=asking.seen_by),
        card="" if score is None else score.title,
        refused=refused,
    )  # fmt: skip
