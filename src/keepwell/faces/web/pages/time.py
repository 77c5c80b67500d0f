"""What the page of time says: shares beside what the practice asks for, and who became a support queue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from keepwell.coverage.queries.time import (
    ACTIVITIES,
    PROACTIVE,
    QUEUE,
    SIDES,
    WEEK,
    EntryView,
    PersonTime,
    Shares,
    Spent,
    WeekTime,
)
from keepwell.faces.components import words
from keepwell.faces.components.marks import Option, Tab
from keepwell.health.queries.portfolio import Whose
from keepwell.kernel import speech

PERIODS = ((1, speech.later("Week")), (4, speech.later("4 weeks")), (13, speech.later("Quarter")))
WORKS = {
    "red": speech.later("Accounts at risk"),
    "yellow": speech.later("Accounts on watch"),
    "green": speech.later("Healthy accounts"),
    "onboarding": speech.later("New accounts, first 90 days"),
    "internal": speech.later("Reviews and internal"),
    "unknown": speech.later("Accounts that nothing judged"),
}
SIDE_TITLES = {
    "customer": speech.later("With customers"),
    "internal": speech.later("Internal coordination"),
    "planning": speech.later("Planning and analysis"),
}
VERDICTS = {
    "little": speech.later("Too little is known"),
    "queue": speech.later("A support queue"),
    "short": speech.later("Too reactive"),
    "kept": speech.later("As it should be"),
}
ACTIVITY_TITLES = {
    "customer": speech.later("With the customer"),
    "support": speech.later("Answering support questions"),
    "planning": speech.later("Planning and analysis"),
    "internal": speech.later("Internal coordination"),
}


@dataclass(frozen=True)
class ShareRow:
    """A share of the time beside what is asked for; `percent` is None where it cannot be told."""

    title: str
    hours: str
    percent: float | None
    said: str
    wanted: str


@dataclass(frozen=True)
class WeekRow:
    """A week: its hours, and which share of them was proactive."""

    week: str
    hours: str
    percent: float | None
    said: str


@dataclass(frozen=True)
class PersonRow:
    """A colleague's time."""

    name: str
    href: str
    hours: str
    percent: float | None
    proactive: str
    customer: str
    verdict: str
    is_queue: bool


@dataclass(frozen=True)
class EntryRow:
    """Time that the reader noted."""

    id: int
    day: str
    length: str
    activity: str
    account: str
    account_href: str
    note: str


@dataclass(frozen=True)
class Typed:
    """The form as it was typed."""

    day: str
    hours: str = ""
    activity: str = "planning"
    account: str = ""
    note: str = ""


@dataclass(frozen=True)
class TimePage:
    """All of it; `warning` says when the time belongs to a queue of questions."""

    title: str
    state: str
    warning: str
    action: str
    csv: str
    weeks_asked: int
    whose: tuple[Option, ...]
    periods: tuple[Tab, ...]
    is_empty: bool
    works: tuple[ShareRow, ...]
    shares: tuple[ShareRow, ...]
    weeks: tuple[WeekRow, ...]
    people: tuple[PersonRow, ...]
    known_how: str
    may_note: bool
    typed: Typed
    activities: tuple[Option, ...]
    entries: tuple[EntryRow, ...]
    refused: str = ""


def page(
    of: Whose,
    found: Spent,
    *,
    weeks: int,
    whose: Sequence[tuple[str, str]],
    entries: Sequence[EntryView],
    may_note: bool,
    typed: Typed,
    today: date,
    refused: str = "",
) -> TimePage:
    """Everything that the page shows."""
    return TimePage(
        title=speech.told("Time"),
        state=_state(found.shares, weeks),
        warning=_warning(found.shares),
        action=reverse("time"),
        csv=f"{reverse('time-csv')}?{urlencode({'of': of.slug, 'weeks': weeks})}",
        weeks_asked=weeks,
        whose=tuple(Option(slug, title, slug == of.slug) for slug, title in whose),
        periods=tuple(Tab(str(title), _way(of.slug, n), n == weeks) for n, title in PERIODS),
        is_empty=not found.shares.minutes,
        works=_works(found.shares),
        shares=_shares(found.shares),
        weeks=tuple(_week(week, today) for week in found.weeks),
        people=tuple(_person(person, weeks) for person in found.people) if len(found.people) > 1 else (),
        known_how=_known_how(found.shares),
        may_note=may_note,
        typed=typed,
        activities=tuple(
            Option(slug, str(ACTIVITY_TITLES[slug]), slug == typed.activity) for slug, _ in ACTIVITIES
        ),
        entries=tuple(_entry(entry, today) for entry in entries),
        refused=refused,
    )


def typed(form: Mapping[str, str], *, today: date) -> Typed:
    """What was typed into the form."""
    said = {name: form.get(name, "").strip() for name in ("day", "hours", "activity", "account", "note")}
    return Typed(**{**said, "day": said["day"] or today.isoformat()})


def _way(of: str, weeks: int) -> str:
    return f"{reverse('time')}?{urlencode({'of': of, 'weeks': weeks})}"


def _hours(minutes: float) -> str:
    return speech.told("%(hours)s h", hours=words.exact(minutes / 60, 1))


def _percent(value: float | None) -> str:
    return speech.told("cannot be told") if value is None else words.percent(value)


def _span(least: int, most: int) -> str:
    return speech.told("%(least)s to %(most)s", least=words.plain(least), most=words.percent(most))


def _state(shares: Shares, weeks: int) -> str:
    if not shares.minutes:
        return speech.told("Nothing is known yet of where the time of these weeks went.")
    proactive = shares.proactive
    told = speech.counted(weeks, "%(hours)s are known of one week", "%(hours)s are known of %(n)s weeks",
                          hours=_hours(shares.minutes), n=weeks)  # fmt: skip
    if proactive is None:
        return speech.told("%(told)s; of none of them it is known who began.", told=told)
    return speech.told(
        "%(told)s; %(share)s of them were our own initiative. Wanted are %(wanted)s.",
        told=told, share=words.percent(proactive), wanted=_span(*PROACTIVE),
    )  # fmt: skip


def _warning(shares: Shares) -> str:
    if shares.verdict != "queue":
        return ""
    return speech.told(
        "This has become a support queue: less than %(queue)s of the time was our own initiative. Move questions to office "
        "hours or to support, and plan the talks that nobody asked for.",
        queue=words.percent(QUEUE),
    )


def _known_how(shares: Shares) -> str:
    told = speech.told(
        "From touchpoints, tasks that are done, and what was noted by hand. %(assumed)s are assumed, as nobody told how long "
        "it took: a call 30 minutes, a meeting 45, a review 60, a visit 120, an e-mail 10, a task 30.",
        assumed=_hours(shares.assumed),
    )
    if not shares.untold:
        return told
    return speech.told(
        "%(told)s Of %(untold)s nobody told who began: they count in no share of initiative.",
        told=told, untold=_hours(shares.untold),
    )  # fmt: skip


def _works(shares: Shares) -> tuple[ShareRow, ...]:
    rows = [
        ShareRow(
            str(WORKS[work]),
            _hours(shares.by_work.get(work, 0)),
            shares.work(work),
            _percent(shares.work(work)),
            words.percent(share),
        )
        for work, share in WEEK.items()
    ]
    if unknown := shares.by_work.get("unknown", 0):
        rows.append(ShareRow(str(WORKS["unknown"]), _hours(unknown), None, speech.told("not counted"), ""))
    return tuple(rows)


def _shares(shares: Shares) -> tuple[ShareRow, ...]:
    ours = shares.by_initiative.get("proactive", 0)
    first = ShareRow(
        speech.told("Our own initiative"),
        _hours(ours),
        shares.proactive,
        _percent(shares.proactive),
        _span(*PROACTIVE),
    )
    others = (
        ShareRow(
            str(SIDE_TITLES[side]),
            _hours(shares.by_side.get(side, 0)),
            shares.side(side),
            _percent(shares.side(side)),
            _span(*wanted),
        )
        for side, wanted in SIDES.items()
    )
    return (first, *others)


def _week(week: WeekTime, today: date) -> WeekRow:
    proactive = week.shares.proactive
    said = "–" if not week.shares.minutes else _percent(proactive)
    return WeekRow(
        words.day(week.monday, today=today, dated=True), _hours(week.shares.minutes), proactive, said
    )


def _person(person: PersonTime, weeks: int) -> PersonRow:
    shares = person.shares
    return PersonRow(
        person.name,
        _way(f"owner:{person.user_id}", weeks),
        _hours(shares.minutes),
        shares.proactive,
        _percent(shares.proactive),
        _percent(shares.side("customer")),
        str(VERDICTS[shares.verdict]),
        shares.verdict == "queue",
    )


def _entry(entry: EntryView, today: date) -> EntryRow:
    return EntryRow(
        entry.id,
        words.day(entry.day, today=today),
        _hours(entry.minutes),
        str(ACTIVITY_TITLES[entry.activity]),
        entry.account_name,
        reverse("account", args=(entry.account_key,)) if entry.account_key else "",
        entry.note,
    )
