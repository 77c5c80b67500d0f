"""Business reviews of an account: planned, changed, invited to, cancelled, held; each can be taken back."""

from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import get_current_timezone_name
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.access.queries import users
from keepwell.faces.components import words
from keepwell.faces.jobs import mail, tasks
from keepwell.faces.web import taken_away, written
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import review_holding
from keepwell.faces.web.pages import reviews as pages
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, NotFound, Refused
from keepwell.kernel.moments import parse_day
from keepwell.ledger.queries import accounts, people
from keepwell.outcomes import visibility
from keepwell.outcomes.actions import holdings, invitations, review_labels
from keepwell.outcomes.actions import reviews as deeds
from keepwell.outcomes.queries import plans, review_proposals
from keepwell.outcomes.queries import reviews as found

HERE = "account-review-one"
CANCELLED, HELD = "review-cancelled", "review-held"
MOST_COLLEAGUES = 200


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, key: str, review_id: int) -> HttpResponse:
    """One review."""
    view = _find(asking, key, review_id)
    page = pages.one(
        view, now=asking.now, may_work=asking.seen_by.may("work.do"), mail=mail.is_set_up()
    )  # fmt: skip
    return respond(request, "web/review.html", page)


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Plan a review, at the moment that the cadence proposes unless another is typed."""
    asking.seen_by.require("work.do")
    if request.method == "GET":
        proposal = review_proposals.find(
            account=key, seen_by=asking.seen_by, now=asking.now, zone=get_current_timezone_name()
        )
        typed = {
            "day": words.local_day(proposal.starts_at).isoformat(), "clock": words.clock_24(proposal.starts_at),
            "minutes": "60", "owner": asking.by.email,
        }  # fmt: skip
        page = _form(asking, key, typed, chosen={asking.by.email}, proposal=proposal)
        return respond(request, "web/review_edit.html", page)
    typed, chosen = _typed(request)
    try:
        number = deeds.schedule(
            account=key, wanted=_wanted(request, typed), by=asking.seen_by, at=asking.now
        )  # fmt: skip
    except NotFound:
        raise
    except Refused as refusal:
        page = _form(asking, key, typed, chosen=chosen, refused=str(refusal))
        return respond(request, "web/review_edit.html", page, status=422)
    messages.success(
        request, speech.told("The review is planned. Nobody was written to yet."), extra_tags="done"
    )
    return _back(request, asking, key, number)


@require_http_methods(["GET", "POST"])
@signed_in
def change(request: HttpRequest, asking: Asking, key: str, review_id: int) -> HttpResponse:
    """Say anew what it is; who knows of it is told."""
    asking.seen_by.require("work.do")
    view = _find(asking, key, review_id)
    if request.method == "GET":
        chosen = {guest.key for guest in view.guests}
        page = _form(asking, key, _typed_of(view), chosen=chosen, number=review_id)
        return respond(request, "web/review_edit.html", page)
    typed, chosen = _typed(request)
    try:
        wanted = _wanted(request, typed)
        count = deeds.change(review_id=review_id, wanted=wanted, by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        page = _form(asking, key, typed, chosen=chosen, number=review_id, refused=str(refusal))
        return respond(request, "web/review_edit.html", page, status=422)
    messages.success(request, f"{speech.told('Saved.')} {_told(count)}".strip(), extra_tags="done")
    return _back(request, asking, key, review_id)


@require_POST
@signed_in
def deed(request: HttpRequest, asking: Asking, key: str, review_id: int) -> HttpResponse:
    """Invite, cancel, plan again, say that it was not held, or switch who may see what was noted."""
    _find(asking, key, review_id)
    asked: dict[str, Any] = {"review_id": review_id, "by": asking.seen_by, "at": asking.now}
    which = request.POST.get("deed", "")
    try:
        if which == "invite":
            done = invitations.invite(**asked)
            messages.success(
                request, _told(done.count) or speech.told("Everybody knows of it."), extra_tags="done"
            )
        elif which == "cancel":
            count = deeds.cancel(**asked, reason=request.POST.get("reason", ""))
            told = f"{speech.told('The review is cancelled.')} {_told(count)}".strip()
            taken_away.keep(request, CANCELLED, [key, review_id], told=told)
        elif which == "again":
            messages.success(request, resumed([key, review_id], asking)[0], extra_tags="done")
        elif which == "unhold":
            messages.success(request, unheld([key, review_id], asking)[0], extra_tags="done")
        elif which in visibility.LABELS:
            _labelled(request, which, asked)
    except Refused as refusal:
        messages.error(request, str(refusal), extra_tags="refused")
    return _back(request, asking, key, review_id)


def _labelled(request: HttpRequest, label: str, asked: dict[str, Any]) -> None:
    """Switch who may see a line; the button says which."""
    noun, _, number = request.POST.get("line", "").partition(":")
    if not (number.isdecimal() and len(number) < 19):
        raise NotFound("There is no such line of this review.")
    review_labels.label(noun=noun, number=int(number), label=label, **asked)
    told = (
        speech.told("It is for us alone now: no deck shows it.")
        if label == "internal"
        else speech.told("The customer reads it in their next deck.")
    )
    messages.success(request, told, extra_tags="done")


@require_http_methods(["GET", "POST"])
@signed_in
def hold(request: HttpRequest, asking: Asking, key: str, review_id: int) -> HttpResponse:
    """Say how it went."""
    asking.seen_by.require("work.do")
    view = _find(asking, key, review_id)
    if request.method == "GET":
        came = {guest.key for guest in view.guests}
        page = _holding(asking, view, review_holding.usual(view, today=asking.today), came)
        return respond(request, "web/review_hold.html", page)
    typed = {name: str(value) for name, value in request.POST.items()}
    try:
        held = _held(request, typed)
        holdings.hold(review_id=review_id, held=held, by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        came = {*request.POST.getlist("theirs"), *request.POST.getlist("ours")}
        page = _holding(asking, view, typed, came, refused=str(refusal))
        return respond(request, "web/review_hold.html", page, status=422)
    taken_away.keep(
        request, HELD, [key, review_id],
        told=speech.told("Noted: who came stands in the timeline, action items are tasks."),
    )  # fmt: skip
    return _back(request, asking, key, review_id)


def _holding(
    asking: Asking, view: found.ReviewView, typed: dict[str, str], came: set[str], refused: str = ""
) -> review_holding.HoldReviewPage:
    key = view.row.account_key
    account = accounts.find(key=key, seen_by=asking.seen_by)
    return review_holding.page(
        view,
        plan=plans.perhaps(account=key, seen_by=asking.seen_by, day=asking.day),
        people=people.of_account(account_id=account.id, seen_by=asking.seen_by),
        colleagues=users.colleagues(limit=MOST_COLLEAGUES),
        typed=typed,
        came=came,
        today=asking.today,
        refused=refused,
    )


def _held(request: HttpRequest, typed: dict[str, str]) -> holdings.Held:
    todos, scores = [], []
    for number in range(1, review_holding.TODOS + 1):
        if title := typed.get(f"todo-{number}", "").strip():
            side, _, who = typed.get(f"who-{number}", "").partition(":")
            owner, theirs = (who if side == one else "" for one in ("ours", "theirs"))
            hidden = typed.get(f"hide-todo-{number}", "") == "1"
            due = parse_day(typed.get(f"due-{number}", ""))
            todos.append(holdings.Todo(title, due, owner, theirs, is_internal=hidden))
    for name, stands in typed.items():
        if name.startswith("score-") and stands:
            slug = name.removeprefix("score-")
            hidden = typed.get(f"hide-score-{slug}", "") == "1"
            scores.append(holdings.Judged(slug, stands, typed.get(f"words-{slug}", ""), is_internal=hidden))
    again = typed.get("next", "") == "1"
    return holdings.Held(
        theirs=request.POST.getlist("theirs"),
        ours=request.POST.getlist("ours"),
        minutes=_minutes(typed),
        note=typed.get("note", ""),
        decisions=typed.get("decisions", "").splitlines(),
        internal_decisions=typed.get("internal-decisions", "").splitlines(),
        todos=todos,
        scores=scores,
        next_at=_moment(typed.get("next-day", ""), typed.get("next-clock", "")) if again else None,
    )


def _find(asking: Asking, key: str, review_id: int) -> found.ReviewView:
    view = found.find(review_id=review_id, seen_by=asking.seen_by, now=asking.now)
    if view.row.account_key != key:
        raise NotFound("There is no review %(number)s.", number=review_id)
    return view


def _form(
    asking: Asking, key: str, typed: dict[str, str], *, chosen: set[str],
    proposal: review_proposals.Proposal | None = None, number: int = 0, refused: str = "",
) -> pages.PlanReviewPage:  # fmt: skip
    account = accounts.find(key=key, seen_by=asking.seen_by)
    return pages.form(
        key, account.name or key, typed=typed, chosen=chosen, proposal=proposal, number=number, refused=refused,
        people=people.of_account(account_id=account.id, seen_by=asking.seen_by),
        colleagues=users.colleagues(limit=MOST_COLLEAGUES),
    )  # fmt: skip


def _typed(request: HttpRequest) -> tuple[dict[str, str], set[str]]:
    chosen = {*request.POST.getlist("theirs"), *request.POST.getlist("ours")}
    return {name: str(value) for name, value in request.POST.items()}, chosen


def _typed_of(view: found.ReviewView) -> dict[str, str]:
    row = view.row
    hidden = {f"hide-{slug}": "1" for slug, label in view.labels.items() if label == "internal"}
    return {
        "kind": row.kind, "title": row.title, "day": words.local_day(row.starts_at).isoformat(),
        "clock": words.clock_24(row.starts_at), "minutes": str(row.minutes), "place": view.place,
        "agenda": view.agenda, "notes": view.notes, "owner": view.owner_email, **hidden,
    }  # fmt: skip


def _wanted(request: HttpRequest, typed: dict[str, str]) -> deeds.Wanted:
    return deeds.Wanted(
        starts_at=_moment(typed.get("day", ""), typed.get("clock", "")),
        kind=typed.get("kind", ""),
        title=typed.get("title", ""),
        minutes=_minutes(typed),
        place=typed.get("place", ""),
        agenda=typed.get("agenda", "").replace("\r\n", "\n"),
        notes=typed.get("notes", ""),
        owner=typed.get("owner", ""),
        theirs=request.POST.getlist("theirs"),
        ours=request.POST.getlist("ours"),
        labels={slug: "internal" for slug in pages.HIDEABLE if typed.get(f"hide-{slug}") == "1"},
    )


def _minutes(typed: dict[str, str]) -> int:
    said = typed.get("minutes", "").strip()
    if not (said.isdecimal() and len(said) < 5):
        raise Invalid("Say how many minutes it takes.")
    return int(said)


def _moment(day: str, clock: str) -> datetime:
    on: date = parse_day(day)
    try:
        return words.local_moment(on, time.fromisoformat(clock.strip()).replace(tzinfo=None))
    except ValueError:
        raise Invalid('"%(clock)s" is no time. Use HH:MM.', clock=clock[:20]) from None


def _told(count: int) -> str:
    if not count:
        return ""
    return speech.counted(count, "%(n)s guest is written to.", "%(n)s guests are written to.", n=count)


def _back(request: HttpRequest, asking: Asking, key: str, review_id: int) -> HttpResponse:
    written.note(request, asking.now)
    tasks.nudge()
    return HttpResponseRedirect(reverse(HERE, args=(key, review_id)))


def resumed(said: Any, asking: Asking) -> tuple[str, str]:
    """It takes place after all."""
    key, number = said
    count = deeds.plan_again(review_id=number, by=asking.seen_by, at=asking.now)
    told = f"{speech.told('The review takes place again.')} {_told(count)}".strip()
    return told, reverse(HERE, args=(key, number))


def unheld(said: Any, asking: Asking) -> tuple[str, str]:
    """It was not held after all."""
    key, number = said
    holdings.take_back(review_id=number, by=asking.seen_by, at=asking.now)
    return speech.told("What was noted of the review is taken back."), reverse(HERE, args=(key, number))


RESTORERS = {CANCELLED: resumed, HELD: unheld}
