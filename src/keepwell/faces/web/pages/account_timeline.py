"""The Timeline tab of an account: what happened by day, the notes of colleagues among it, and what is asked of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from django.urls import reverse
from django.utils.http import urlencode

from keepwell.faces.components import words
from keepwell.faces.components.bands import band
from keepwell.faces.components.marks import DayMark, Option
from keepwell.faces.web.pages.account_head import AccountHead
from keepwell.kernel import speech
from keepwell.kernel.moments import day_of, utc
from keepwell.ledger.queries.notes import NoteView, Wording
from keepwell.ledger.queries.people import StakeholderView
from keepwell.ledger.queries.timeline import TITLES, TimelineItem
from keepwell.ledger.queries.touchpoints import TouchpointView

QUOTED = ("ticket.opened", "survey.answered", "touchpoint.held", "review.held")
SLUG = re.compile(r"[a-z]+(_[a-z]+)*")
MENTION = re.compile(r"((?<![\w.@])@[\w.+-]*\w(?:@[\w.-]*\w)?)")
NOTES = "notes"
MANY = 4
# What one may ask for alone, with the first words of the events that it is made of.
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    NOTES: (speech.later("Notes"), ()),
    "talks": (speech.later("Conversations"), ("touchpoint.", "review.")),
    "tickets": (speech.later("Tickets"), ("ticket.",)),
    "surveys": (speech.later("Surveys"), ("survey.",)),
    "people": (speech.later("People"), ("person.", "stance.", "role.", "influence.", "title.", "line.", "course.")),
    "money": (speech.later("Contracts and invoices"), ("contract.", "invoice.")),
    "delivery": (
        speech.later("Delivery"),
        ("sprint.", "milestone.", "criterion.", "change.", "risk.", "raci.", "obligation.", "integration.", "gap."),
    ),
    "health": (speech.later("Health and incidents"), ("health.", "incident.", "plan.")),
    "account": (speech.later("Account and files"), ("account.", "file.")),
}  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """What is asked of the timeline, as the address says it."""

    kind: str = ""
    person: str = ""
    source: str = ""
    since: str = ""
    until: str = ""
    search: str = ""

    @property
    def said(self) -> dict[str, str]:
        """What is asked, without what is not."""
        told = {
            "kind": self.kind,
            "person": self.person,
            "source": self.source,
            "since": self.since,
            "until": self.until,
            "q": self.search,
        }
        return {name: value for name, value in told.items() if value}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the events of the kind, else of all kinds; notes are read from their rows, not from events."""
        begins = KINDS[self.kind][1] if self.kind in KINDS else ""
        return tuple(name for name in TITLES if name.startswith(begins) and name != "note.written")


@dataclass(frozen=True)
class Said:
    """One fact of the timeline; `href` opens the row behind it."""

    time: str
    title: str
    detail: str
    quote: str
    by: str
    late: str
    href: str = ""
    shared: bool = False
    notes: str = ""
    next_step: str = ""
    note: "NoteItem | None" = None


@dataclass(frozen=True)
class NoteItem:
    """A note, in parts of which every second is a mention."""

    key: str
    parts: tuple[str, ...]
    text: str
    author: str
    shared: bool
    pinned: bool
    rewordings: int
    day: DayMark | None
    time: str
    href: str
    pin: str
    earlier: str
    edit: str
    is_edited: bool
    removal: str


@dataclass(frozen=True)
class Day:
    """The facts of one day."""

    mark: DayMark
    items: tuple[Said, ...]


@dataclass(frozen=True)
class TimelineTab:
    """What happened, latest first; `again` is where to look again for what was just written.

    The first answer reads nothing of the lake: `awaits` is where that is asked for; `is_part` tells that this is it.
    """

    head: AccountHead
    days: tuple[Day, ...]
    pinned: tuple[NoteItem, ...]
    older: str
    log: str
    again: str
    filter: Filter
    kinds: tuple[Option, ...]
    people: tuple[Option, ...]
    sources: tuple[Option, ...]
    colleagues: tuple[tuple[str, str], ...]
    here: str
    write: str
    awaits: str
    is_part: bool
    asks: tuple[tuple[str, str], ...] = ()
    typed: str = ""
    refused: str = ""


@dataclass(frozen=True)
class WordingRow:
    """How a note was worded until somebody changed it."""

    text: str
    by: str
    day: DayMark | None
    shared: bool


@dataclass(frozen=True)
class WordingsPage:
    """Earlier wordings of a note, latest first."""

    rows: tuple[WordingRow, ...]


def note(one: NoteView, *, account: str, back: str, editing: str, today: date) -> NoteItem:
    """A note with what can be done about it."""
    key = one.key
    return NoteItem(
        key=key,
        parts=tuple(MENTION.split(one.text)),
        text=one.text,
        author=one.author_name,
        shared=one.visibility == "shared",
        pinned=one.is_pinned,
        rewordings=one.rewordings,
        day=DayMark.of(one.at, today=today),
        time=words.clock_time(one.at),
        href=reverse("account-note", args=(account, key)),
        pin=reverse("account-note-pin", args=(account, key)),
        earlier=reverse("account-note-wordings", args=(account, key)),
        edit=f"{back}{'&' if '?' in back else '?'}{urlencode({'edit': key})}#note-{key}",
        is_edited=editing == key,
        removal=reverse("record-removal", args=("notes", key)),
    )


def wordings(found: Sequence[Wording], *, today: date) -> WordingsPage:
    """Earlier wordings as rows."""
    return WordingsPage(
        tuple(
            WordingRow(one.text, one.by, DayMark.of(one.until, today=today), one.visibility == "shared")
            for one in found
        )
    )


def days(
    items: Sequence[TimelineItem],
    notes: Sequence[tuple[datetime, NoteItem]] = (),
    talks: Mapping[tuple[datetime, str], TouchpointView] = {},
    *,
    account: str = "",
    today: date,
) -> tuple[Day, ...]:
    """The timeline by day; a review is one line, though the ledger has it as a touchpoint too."""
    reviews = {item.at for item in items if item.name == "review.held"}
    held = {item.at: item for item in items if item.at in reviews and _is_review_talk(item)}
    told = [
        _with_talk(item, held)
        for item in _together(items)
        if item.at not in held or held[item.at] is not item
    ]
    said = [(item.at, _said(item, talks, account=account, today=today)) for item in told]
    said += [(at, _noted(one)) for at, one in notes]
    made = []
    for day, of_day in groupby(
        sorted(said, key=lambda one: one[0], reverse=True), key=lambda one: day_of(one[0])
    ):
        mark = DayMark.of(day, today=today)
        assert mark is not None
        made.append(Day(mark, tuple(one for _, one in of_day)))
    return tuple(made)


def _together(items: Sequence[TimelineItem]) -> list[TimelineItem]:
    """Several who joined in one moment are one line."""
    made: list[TimelineItem] = []
    for (name, *_), group in groupby(items, key=lambda item: (item.name, item.at, item.source)):
        same = list(group)
        if name != "person.joined" or len(same) < MANY:
            made += same
            continue
        rest = words.count(len(same) - MANY + 1, "other")
        named = ", ".join(item.person for item in same[: MANY - 1])
        made.append(
            replace(
                same[0],
                title=speech.told("%(n)s people joined", n=len(same)),
                detail=speech.told("%(named)s and %(rest)s", named=named, rest=rest),
                person="",
            )
        )
    return made


def _noted(one: NoteItem) -> Said:
    return Said(one.time, speech.told("Note"), "", "", one.author, "", shared=one.shared, note=one)


def _is_review_talk(item: TimelineItem) -> bool:
    return item.name == "touchpoint.held" and item.detail.partition(",")[0] == "review"


def _with_talk(item: TimelineItem, talks: Mapping[datetime, TimelineItem]) -> TimelineItem:
    talk = talks.get(item.at) if item.name == "review.held" else None
    if talk is None:
        return item
    minutes = words.count(round(talk.value), "minute") if talk.value else ""
    detail = ", ".join(filter(None, (minutes, item.detail)))
    return replace(item, detail=detail, person=item.person or talk.person, props=talk.props | item.props)


def _said(
    item: TimelineItem,
    talks: Mapping[tuple[datetime, str], TouchpointView],
    *,
    account: str,
    today: date,
) -> Said:
    late = day_of(item.known_at) > day_of(item.at)
    by = " · ".join(filter(None, (item.person, item.source)))
    time = "" if utc(item.at).time().isoformat() == "00:00:00" else words.clock_time(item.at)
    talk = talks.get((item.at, "review" if item.name == "review.held" else item.detail.partition(",")[0]))
    talk = talk if item.name in ("touchpoint.held", "review.held") else None
    return Said(
        time,
        item.title,
        _detail(item),
        _quote(item),
        by,
        words.day(day_of(item.known_at), today=today) if late else "",
        href=_href(item, talk, account),
        shared=talk is not None and talk.visibility == "shared",
        notes=talk.notes if talk else "",
        next_step=talk.next_step if talk else "",
    )


def _href(item: TimelineItem, talk: TouchpointView | None, account: str) -> str:
    """Where the row behind a fact is."""
    key = item.props.get("key")
    if not account:
        return ""
    if talk is not None:
        kind, key = "touchpoints", talk.key
    elif item.name.startswith("ticket.") and isinstance(key, str):
        kind = "tickets"
    else:
        return ""
    back = reverse("account-timeline", args=(account,))
    return f"{reverse('record', args=(kind, key))}?{urlencode({'back': back})}"


def _quote(item: TimelineItem) -> str:
    """What was written: the subject of a ticket or a talk, the comment of a survey."""
    told = item.props.get("subject") or item.props.get("comment")
    return told if item.name in QUOTED and isinstance(told, str) else ""


def _detail(item: TimelineItem) -> str:
    if item.name == "health.band_changed":
        before, after = (band(item.props.get(side)).word for side in ("from", "to"))
        return speech.told("from %(before)s to %(after)s", before=before, after=after)
    return words.spoken(item.detail) if SLUG.fullmatch(item.detail) else item.detail


def choices(
    asked: Filter, people: Sequence[StakeholderView], sources: Sequence[str]
) -> tuple[tuple[Option, ...], tuple[Option, ...], tuple[Option, ...]]:
    """What may be asked for: kinds, people, sources."""
    kinds = [Option("", speech.told("Everything"), not asked.kind)]
    kinds += [Option(slug, title, slug == asked.kind) for slug, (title, _) in KINDS.items()]
    persons = [Option("", speech.told("Anybody"), not asked.person)]
    persons += [Option(one.key, one.name, one.key == asked.person) for one in people[:200]]
    known = [Option("", speech.told("Any source"), not asked.source)]
    known += [Option(source, source, source == asked.source) for source in sources]
    return tuple(kinds), tuple(persons), tuple(known)
