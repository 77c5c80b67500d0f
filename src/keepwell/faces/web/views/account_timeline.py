"""The Timeline tab: asked by kind, person, source, period and words, loaded as one reads; and notes written there."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from keepwell.access.queries import users
from keepwell.faces.jobs import tasks
from keepwell.faces.web import taken_away, written
from keepwell.faces.web.as_of import AsOf
from keepwell.faces.web.asking import READ, Asking, respond, signed_in
from keepwell.faces.web.pages import account_timeline as pages
from keepwell.faces.web.views.one_account import OneAccount
from keepwell.intake.actions import records as deeds
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.kernel.moments import end_of, parse_day, parse_moment, start_of, within_reach
from keepwell.ledger.queries import accounts, notes, timeline, touchpoints
from keepwell.ledger.queries.notes import NoteView
from keepwell.ledger.queries.timeline import Found, TimelineItem
from keepwell.signals.queries import rules

AT_ONCE = 60
WORDING = "wording"
NOTE = "note.written"
SIGNALS = ("signal.fired", "signal.ended")
LAST_KEY = "\U0010ffff"
COLLEAGUES = 200
JUST = timedelta(microseconds=1)
Entry = TimelineItem | NoteView


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """What happened, latest first, some facts at a time."""
    return _shown(request, asking, key)


def _shown(
    request: HttpRequest, asking: Asking, key: str, *, typed: str = "", refused: str = ""
) -> HttpResponse:
    found = OneAccount(request, asking, key, "account-timeline")
    moment = found.as_of
    asked = _filter(request)
    cursor = _cursor(request)
    reads = READ in request.GET or bool(cursor or asked.said or request.GET.get("edit") or refused)
    told, written_down = _told(asking, found.id, asked, cursor, moment) if reads else (Found((), ()), ())
    both: list[Entry] = [*told.items, *written_down]
    entries = sorted(both, key=_place, reverse=True)[:AT_ONCE]
    items = _called([one for one in entries if isinstance(one, TimelineItem)])
    here = reverse("account-timeline", args=(key,))
    back = moment.of("account-timeline", key, **asked.said)
    more: dict[str, Any] = {
        "account": key,
        "back": back,
        "editing": request.GET.get("edit", ""),
        "today": moment.day,
    }
    mine = [(one.at, pages.note(one, **more)) for one in entries if isinstance(one, NoteView)]
    kinds, people, sources = pages.choices(asked, found.people, told.sources)
    is_first = cursor is None
    writes = is_first and not moment.is_past and asking.seen_by.may("work.do")
    page = pages.TimelineTab(
        head=found.head,
        days=pages.days(items, mine, _talks(asking, found.id, items), account=key, today=moment.day),
        pinned=_pinned(asking, found.id, more, moment) if is_first and not asked.said else (),
        older=moment.of("account-timeline", key, **asked.said, before=_before(entries[-1]))
        if len(entries) == AT_ONCE
        else "",
        log=f"{reverse('record-new', args=('touchpoints',))}?{urlencode({'account': key, 'back': here})}",
        again=moment.of("account-timeline", key, **asked.said, **{READ: "1"})
        if is_first and not moment.is_past and written.is_settling(request, asking.now)
        else "",
        awaits="" if reads else moment.of("account-timeline", key, **{READ: "1"}),
        is_part=READ in request.GET and bool(getattr(request, "htmx", False)),
        filter=asked,
        kinds=kinds,
        people=people,
        sources=sources,
        colleagues=_mentionable(asking) if writes else (),
        here=here,
        write=reverse("account-notes", args=(key,)) if writes else "",
        asks=moment.asks,
        typed=typed,
        refused=refused,
    )
    part = "older" if cursor is not None else "happened" if READ in request.GET else ""
    return respond(request, "web/account_timeline.html", page, part=part, status=422 if refused else 200)


def _called(items: list[TimelineItem]) -> list[TimelineItem]:
    """Signals by the title of their rule. One query, where there are any."""
    if not any(one.name in SIGNALS for one in items):
        return items
    titles = dict(rules.titles())
    return [
        replace(one, detail=titles.get(one.detail, one.detail)) if one.name in SIGNALS else one
        for one in items
    ]


def _filter(request: HttpRequest) -> pages.Filter:
    given = request.GET
    kind = given.get("kind", "")
    day = {name: given.get(name, "").strip() for name in ("since", "until")}
    return pages.Filter(
        kind=kind if kind in pages.KINDS else "",
        person=given.get("person", ""),
        source=given.get("source", ""),
        since=parse_day(day["since"]).isoformat() if day["since"] else "",
        until=parse_day(day["until"]).isoformat() if day["until"] else "",
        search=given.get("q", "").replace("\x00", "").strip()[:200],
    )


def _cursor(request: HttpRequest) -> tuple[datetime, str] | None:
    """Where reading goes on: after a moment and the fact there."""
    given = request.GET.get("before", "")
    if not given:
        return None
    at, _, entry = given.partition("~")
    moment = parse_moment(at)
    within_reach(moment.date())
    return moment, entry


def _place(one: Entry) -> tuple[datetime, str]:
    return one.at, f"{one.name} {one.id}" if isinstance(one, TimelineItem) else f"{NOTE} {one.key}"


def _before(one: Entry) -> str:
    at, entry = _place(one)
    return f"{at.isoformat().replace('+00:00', 'Z')}~{entry}"


def _told(
    asking: Asking,
    account_id: int,
    asked: pages.Filter,
    cursor: tuple[datetime, str] | None,
    moment: AsOf,
) -> tuple[Found, tuple[NoteView, ...]]:
    may: dict[str, Any] = {"account_id": account_id, "seen_by": asking.seen_by}
    since = start_of(parse_day(asked.since)) if asked.since else None
    until = end_of(min(parse_day(asked.until), moment.day) if asked.until else moment.day)
    last = min(until, cursor[0] + JUST) if cursor else until
    facts = Found((), ())
    if asked.kind != pages.NOTES:
        facts = timeline.found(
            **may,
            asked=timeline.Asked(
                until=last,
                since=since,
                names=asked.names,
                person=asked.person,
                source=asked.source,
                search=asked.search,
                before=cursor,
                limit=AT_ONCE,
                known_by=moment.known_by,
            ),
        )
    if asked.kind not in ("", pages.NOTES) or asked.person or asked.source:
        return facts, ()
    before = _before_note(cursor) if cursor else None
    return facts, notes.of_account(
        **may, until=last, since=since, search=asked.search, before=before, limit=AT_ONCE
    )


def _before_note(cursor: tuple[datetime, str]) -> tuple[datetime, str]:
    """After which note to go on: of those of the moment, the ones whose place is lower."""
    at, entry = cursor
    name, _, key = entry.partition(" ")
    return at, key if name == NOTE else LAST_KEY if name > NOTE else ""


def _talks(asking: Asking, account_id: int, items: list[TimelineItem]) -> Any:
    if not items:
        return {}
    return touchpoints.between(
        account_id=account_id, seen_by=asking.seen_by, first=items[-1].at, last=items[0].at
    )


def _pinned(
    asking: Asking, account_id: int, more: dict[str, Any], moment: AsOf
) -> tuple[pages.NoteItem, ...]:
    found = notes.of_account(
        account_id=account_id, seen_by=asking.seen_by, until=end_of(moment.day), pinned=True, limit=10
    )
    return tuple(pages.note(one, **more) for one in found)


def _mentionable(asking: Asking) -> tuple[tuple[str, str], ...]:
    """Whom one may mention: what stands after the @, and the name."""
    others = users.colleagues(limit=COLLEAGUES)
    return tuple((email.partition("@")[0], name) for email, name in others if email != asking.by.email)


@require_POST
@signed_in
def write(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Write a note."""
    text = _worded(request)
    said = {
        "account": key,
        "key": uuid4().hex,
        "text": text,
        "author": asking.by.email,
        "written_at": asking.now.isoformat(),
        "visibility": request.POST.get("visibility", "internal"),
    }
    try:
        deeds.create(kind="notes", said=said, source="web", by=asking.seen_by, at=asking.now)
    except Invalid as refusal:
        why = str(refusal) if text else speech.told("A note needs words. Write what is to be remembered.")
        return _shown(request, asking, key, typed=text, refused=why)
    return _done(request, asking, key, speech.told("The note is there."))


def _worded(request: HttpRequest) -> str:
    """What was typed, with the colleague whom a choice mentions besides."""
    text = request.POST.get("text", "").strip()
    mention = request.POST.get("mention", "").strip().lstrip("@")
    said = text and mention and f"@{mention}".casefold() not in text.casefold()
    return f"{text} @{mention}" if said else text


@require_POST
@signed_in
def reword(request: HttpRequest, asking: Asking, key: str, note: str) -> HttpResponse:
    """Change a note; its earlier wording stays to be seen, and the answer offers to take the change back."""
    before = _note(asking, key, note)
    said = {"text": _worded(request), "visibility": request.POST.get("visibility", before.visibility)}
    try:
        _update(asking, note, said)
    except Invalid as refusal:
        messages.error(request, speech.said(refusal), extra_tags="refused")
        return HttpResponseRedirect(reverse("account-timeline", args=(key,)))
    kept = {"account": key, "note": note, "said": {"text": before.text, "visibility": before.visibility}}
    taken_away.keep(request, WORDING, kept, told=speech.told("The note is changed."))
    return _done(request, asking, key, "")


def taken_back(kept: dict[str, Any], asking: Asking) -> tuple[str, str]:
    """Undo a change: the note says what it said."""
    _note(asking, kept["account"], kept["note"])
    _update(asking, kept["note"], kept["said"])
    return speech.told("The note says what it said."), reverse("account-timeline", args=(kept["account"],))


@require_POST
@signed_in
def pin(request: HttpRequest, asking: Asking, key: str, note: str) -> HttpResponse:
    """Let a note stand above the timeline, or no more."""
    before = _note(asking, key, note)
    _update(asking, note, {"pinned": "no" if before.is_pinned else "yes"})
    return _done(
        request,
        asking,
        key,
        speech.told("Unpinned.") if before.is_pinned else speech.told("Pinned above the timeline."),
    )


def _note(asking: Asking, key: str, note: str) -> NoteView:
    account = accounts.find(key=key, seen_by=asking.seen_by)
    return notes.find(key=note, account_id=account.id, seen_by=asking.seen_by)


def _update(asking: Asking, note: str, said: dict[str, str]) -> None:
    deeds.update(kind="notes", key=note, said=said, source="web", by=asking.seen_by, at=asking.now)


def _done(request: HttpRequest, asking: Asking, key: str, told: str) -> HttpResponse:
    written.note(request, asking.now)
    tasks.nudge()
    if told:
        messages.success(request, told, extra_tags="done")
    return HttpResponseRedirect(reverse("account-timeline", args=(key,)))


@require_GET
@signed_in
def wordings(request: HttpRequest, asking: Asking, key: str, note: str) -> HttpResponse:
    """How a note was worded before."""
    account = accounts.find(key=key, seen_by=asking.seen_by)
    found = notes.wordings(key=note, account_id=account.id, seen_by=asking.seen_by)
    return respond(
        request, "web/note_wordings.html", pages.wordings(found, today=asking.today), part="wordings"
    )
