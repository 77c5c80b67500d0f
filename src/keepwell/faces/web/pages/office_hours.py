"""What the pages of office hours say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import Option, Tab
from keepwell.faces.web.pages import triage as triage_pages
from keepwell.kernel import speech
from keepwell.plays.queries.office_hours import Question, SessionView, SlotView, people

WEEKDAYS = (
    speech.later("Monday"),
    speech.later("Tuesday"),
    speech.later("Wednesday"),
    speech.later("Thursday"),
    speech.later("Friday"),
    speech.later("Saturday"),
    speech.later("Sunday"),
)


@dataclass(frozen=True)
class SlotForm:
    """What is typed of a slot."""

    title: str = ""
    weekday: str = "2"
    clock: str = "15:00"
    zone: str = ""
    minutes: str = "60"
    place: str = ""
    account: str = ""
    host: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "SlotForm":
        """From a form."""
        return cls(**{name: given.get(name, "").strip() for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class SlotRow:
    """A weekly slot."""

    id: int
    title: str
    when: str
    whose: str
    host: str
    place: str
    next: str


@dataclass(frozen=True)
class SessionRow:
    """One hour in the list."""

    href: str
    title: str
    when: str
    whose: str
    questions: str
    state: str
    tone: str


@dataclass(frozen=True)
class HoursPage:
    """Slots and hours."""

    state: str
    tabs: tuple[Tab, ...]
    slots: tuple[SlotRow, ...]
    sessions: tuple[SessionRow, ...]
    form: SlotForm
    weekdays: tuple[Option, ...]
    hosts: tuple[Option, ...]
    may_work: bool
    refused: str


@dataclass(frozen=True)
class QuestionRow:
    """A question of an hour."""

    subject: str
    href: str
    account: str
    account_href: str
    person: str
    answered: bool


@dataclass(frozen=True)
class Guest:
    """Somebody who asked."""

    key: str
    name: str
    email: str
    account: str
    came: bool


@dataclass(frozen=True)
class HourPage:
    """One hour."""

    id: int
    title: str
    state: str
    facts: tuple[tuple[str, str], ...]
    questions: tuple[QuestionRow, ...]
    guests: tuple[Guest, ...]
    is_held: bool
    is_due: bool
    minutes: int
    note: str
    csv: str
    may_work: bool
    refused: str


def listing(
    slots: Sequence[SlotView],
    sessions: Sequence[SessionView],
    *,
    form: SlotForm,
    colleagues: Sequence[tuple[str, str]],
    now: datetime,
    may_work: bool,
    refused: str,
) -> HoursPage:
    """Slots, and the hours with questions."""
    waiting = sum(one.questions for one in sessions if one.held_at is None)
    return HoursPage(
        state=_state(slots, waiting),
        tabs=triage_pages.tabs("office-hours"),
        slots=tuple(_slot(one, now) for one in slots),
        sessions=tuple(_session(one, now) for one in sessions),
        form=form,
        weekdays=tuple(Option(str(n), str(day), str(n) == form.weekday) for n, day in enumerate(WEEKDAYS)),
        hosts=(
            Option("", speech.told("Nobody"), not form.host),
            *(Option(email, name, email == form.host) for email, name in colleagues),
        ),
        may_work=may_work,
        refused=refused,
    )


def _state(slots: Sequence[SlotView], waiting: int) -> str:
    if not slots:
        return speech.told("No office hour is held yet.")
    if not waiting:
        return speech.told("No question waits for an office hour.")
    return speech.counted(
        waiting,
        "%(n)s question waits for an office hour.",
        "%(n)s questions wait for an office hour.",
        n=waiting,
    )


def _slot(one: SlotView, now: datetime) -> SlotRow:
    return SlotRow(
        one.id,
        one.title,
        speech.told(
            "%(day)s, %(clock)s (%(zone)s), %(minutes)s min",
            day=WEEKDAYS[one.weekday],
            clock=f"{one.clock:%H:%M}",
            zone=one.zone,
            minutes=one.minutes,
        ),
        one.account_name or speech.told("All accounts"),
        one.host,
        one.place,
        words.moment(one.next_at, today=words.local_day(now)) if one.next_at else "–",
    )


def _session(one: SessionView, now: datetime) -> SessionRow:
    state, tone = _stands(one, now)
    return SessionRow(
        reverse("office-hour", args=(one.id,)),
        one.title,
        words.moment(one.starts_at, today=words.local_day(now)),
        one.account_name or speech.told("All accounts"),
        words.whole(one.questions),
        state,
        tone,
    )


def _stands(one: SessionView, now: datetime) -> tuple[str, str]:
    if one.held_at is not None:
        return speech.told("Held"), ""
    if one.starts_at <= now:
        return speech.told("Not noted yet"), "warn"
    return speech.told("To come"), ""


def detail(
    one: SessionView, asked: Sequence[Question], *, now: datetime, may_work: bool, note: str, refused: str
) -> HourPage:
    """One hour with its questions and people."""
    today = words.local_day(now)
    facts = [
        (speech.told("When"), words.moment(one.starts_at, today=today)),
        (speech.told("For"), one.account_name or speech.told("All accounts")),
        (speech.told("Held by"), one.held_by or one.host or speech.told("Nobody yet")),
        (speech.told("Where"), one.place),
        (speech.told("Note"), one.note),
    ]
    return HourPage(
        id=one.id,
        title=one.title,
        state=_hour_state(one, now),
        facts=tuple((label, value) for label, value in facts if value),
        questions=tuple(_question(each) for each in asked),
        guests=tuple(_guest(each) for each in people(asked)),
        is_held=one.held_at is not None,
        is_due=one.starts_at <= now,
        minutes=one.minutes,
        note=note,
        csv=reverse("office-hour-csv", args=(one.id,)),
        may_work=may_work,
        refused=refused,
    )


def _hour_state(one: SessionView, now: datetime) -> str:
    today = words.local_day(now)
    questions = words.count(one.questions, "question")
    if one.held_at is not None:
        return speech.told(
            "Held, with %(questions)s and %(n)s of the people who asked.",
            questions=questions,
            n=len(one.attended),
        )
    if one.starts_at <= now:
        return speech.told("It was to be held; say who came, or move its questions on.")
    return speech.told(
        "%(when)s, with %(questions)s.", when=words.moment(one.starts_at, today=today), questions=questions
    )


def _question(one: Question) -> QuestionRow:
    return QuestionRow(
        one.subject or one.ticket,
        reverse("record", args=("tickets", one.ticket)),
        one.account_name,
        reverse("account-service", args=(one.account_key,)),
        one.person or speech.told("Nobody is named"),
        one.resolved,
    )


def _guest(one: Question) -> Guest:
    return Guest(one.person_key, one.person, one.email, one.account_name, one.came)
