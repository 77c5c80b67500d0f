"""Cadence: how often the accounts of a book are met beside what is asked, the outputs of their phases, what is declared."""

import json
from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from keepwell.faces import cadence_files
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import cadence as pages
from keepwell.faces.web.pages import cadence_forms
from keepwell.faces.web.pages.cadence_forms import Typed
from keepwell.health.queries import portfolio
from keepwell.health.queries.portfolio import Whose
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, Refused
from keepwell.plays import cadence_problems
from keepwell.plays.actions import cadences as deeds
from keepwell.plays.queries import cadence_book, cadences
from keepwell.plays.queries import outputs as made

SHOWN = 100
MOST_AFTER = 1_000_000


@require_GET
@signed_in
def book(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The share that is kept, and the accounts in one state; the broken ones first."""
    of, state, after = of_book(request, asking), request.GET.get("state", "late"), _after(request)
    rows = cadence_book.page(
        of=of, state=state, seen_by=asking.seen_by, day=asking.day, limit=SHOWN, after=after
    )
    counts = cadence_book.counts(of)
    page = pages.book(
        of, rows, cadence_book.count(of, state, counts), counts, asked=state, after=after, limit=SHOWN,
        whose=portfolio.choices(seen_by=asking.seen_by), today=asking.today,
    )  # fmt: skip
    return respond(request, "web/cadence.html", page)


@require_GET
@signed_in
def book_csv(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """The same as a file, all of them."""
    found = cadence_book.each(
        of=of_book(request, asking),
        state=request.GET.get("state", ""),
        seen_by=asking.seen_by,
        day=asking.day,
    )
    return streamed("cadence", cadence_files.BOOK_COLUMNS, cadence_files.book(found))


@require_GET
@signed_in
def outputs(request: HttpRequest, asking: Asking) -> HttpResponse:
    """What the phases of a book's accounts are to leave behind."""
    of, how = of_book(request, asking), _how(request, "overdue")
    rows, is_cut = made.of_book(of=of, seen_by=asking.seen_by, day=asking.day, how=how)
    page = pages.outputs(
        of,
        rows,
        asked=how,
        is_cut=is_cut,
        whose=portfolio.choices(seen_by=asking.seen_by),
        today=asking.today,
        after=_after(request),
        limit=SHOWN,
    )
    return respond(request, "web/cadence_outputs.html", page)


@require_GET
@signed_in
def outputs_csv(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """The same as a file."""
    rows, _ = made.of_book(
        of=of_book(request, asking), seen_by=asking.seen_by, day=asking.day, how=_how(request, "")
    )
    return streamed("outputs", cadence_files.OUTPUT_COLUMNS, cadence_files.outputs(rows))


@require_http_methods(["GET", "POST"])
@signed_in
def declared(request: HttpRequest, asking: Asking) -> HttpResponse:
    """What is declared; a POST declares it anew."""
    if request.method == "GET":
        return respond(request, "web/cadence_declared.html", _declared(asking))
    asking.seen_by.require("config.change")
    if "form" in request.POST:
        return _filled(request, asking)
    typed = request.POST.get("definition", "")
    try:
        if request.POST.get("deed") == "withdraw":
            deeds.withdraw(by=asking.seen_by, at=asking.now)
        else:
            deeds.declare(definition=_read(typed), by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        page = _declared(asking, typed=typed, refused=str(refusal))
        return respond(request, "web/cadence_declared.html", page, status=422)
    return _done(request)


def _done(request: HttpRequest) -> HttpResponse:
    messages.success(
        request, speech.told("Customers are to be met like that from now on."), extra_tags="done"
    )
    return HttpResponseRedirect(reverse("settings-cadence"))


def _filled(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The form: every button keeps what is typed; Declare writes it."""
    deed = request.POST.get("deed", "look")
    typed = cadence_forms.acted(cadence_forms.typed(request.POST), deed)
    if deed != "save":
        return respond(request, "web/cadence_declared.html", _declared(asking, form=typed))
    definition = cadence_forms.stated(typed)
    wrong, refused = cadence_problems.problems(definition), ""
    try:
        if not wrong:
            deeds.declare(definition=definition, by=asking.seen_by, at=asking.now)
            return _done(request)
    except Refused as refusal:
        refused = str(refusal)
    page = _declared(asking, form=typed, problems=wrong, refused=refused)
    return respond(request, "web/cadence_declared.html", page, status=422)


def of_book(request: HttpRequest, asking: Asking) -> Whose:
    """Whose accounts are asked for."""
    usual = portfolio.ALL if asking.seen_by.everything else portfolio.MINE
    return portfolio.whose(request.GET.get("of") or usual, seen_by=asking.seen_by)


def _declared(
    asking: Asking,
    *,
    typed: str = "",
    refused: str = "",
    form: Typed | None = None,
    problems: Mapping[str, Invalid] | None = None,
) -> pages.DeclaredPage:
    return pages.declared(
        cadences.everything(seen_by=asking.seen_by),
        may_change=asking.seen_by.may("config.change"),
        today=asking.today,
        typed=typed,
        refused=refused,
        form=form,
        problems=problems,
    )


def _read(typed: str) -> object:
    try:
        return json.loads(typed)
    except ValueError as error:
        raise Invalid("The declaration is no JSON: %(why)s.", why=str(error)) from None


def _after(request: HttpRequest) -> int:
    said = request.GET.get("after", "0")
    if not said.isdecimal() or len(said) > 7 or int(said) > MOST_AFTER:
        raise Invalid('"%(after)s" is no place in the list.', after=said[:20])
    return int(said)


def _how(request: HttpRequest, usual: str) -> str:
    how = request.GET.get("how", usual)
    if how and how not in made.HOW:
        raise Invalid(
            '"%(how)s" is not known. Use one of %(listed)s.', how=how[:20], listed=", ".join(made.HOW)
        )
    return how
