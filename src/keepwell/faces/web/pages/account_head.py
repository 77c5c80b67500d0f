"""The head of every page about one account: five facts, the moment that is seen, what to do, and the tabs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.http import urlencode

from keepwell.faces.components import words
from keepwell.faces.components.marks import ClockMark, DayMark, Delta, PersonMark, ScoreMark, Tab
from keepwell.faces.standing import Standing
from keepwell.faces.web.as_of import DAY, KNOWN, THEN, AsOf
from keepwell.faces.web.pages.incidents import clock as incident_clock
from keepwell.health.queries.scores import MovedView, ScoreView
from keepwell.kernel import speech
from keepwell.ledger.queries.accounts import AccountView
from keepwell.plays.queries.incidents import IncidentView
from keepwell.plays.queries.tasks import TaskItem

TABS = (
    ("account", speech.later("Overview")),
    ("account-health", speech.later("Health")),
    ("account-usage", speech.later("Usage")),
    ("account-people", speech.later("People")),
    ("account-timeline", speech.later("Timeline")),
    ("account-plan", speech.later("Plan")),
    ("account-journey", speech.later("Journey")),
    ("account-value", speech.later("Value")),
    ("account-advocacy", speech.later("Advocacy")),
    ("account-contracts", speech.later("Contracts")),
    ("account-cadence", speech.later("Cadence")),
    ("account-service", speech.later("Service")),
    ("account-delivery", speech.later("Delivery")),
    ("account-training", speech.later("Training")),
    ("account-incidents", speech.later("Incidents")),
    ("account-files", speech.later("Files")),
    ("account-organisation", speech.later("Organisation")),
    ("account-quality", speech.later("Data quality")),
)
MATTER = 4
SILENT_DAYS = 30


@dataclass(frozen=True)
class Turned:
    """The picker of the day that is seen; on a past day what is seen, and the ways to see it otherwise."""

    action: str
    day: str
    last: str
    today: str
    compare: str
    said: str = ""
    is_then: bool = False
    now_href: str = ""
    then_href: str = ""


@dataclass(frozen=True)
class Deed:
    """Something to do for the account; `key` presses it."""

    title: str
    href: str
    key: str = ""


@dataclass(frozen=True)
class AccountHead:
    """Name and place · health and its main reason · ARR and renewal · people who matter · next step."""

    key: str
    name: str
    above: tuple[tuple[str, str], ...]
    place: str
    owner: str
    owner_next: str
    score: ScoreMark
    delta: Delta | None
    why: str
    arr: str
    arr_more: str
    renewal: DayMark | None
    people: tuple[PersonMark, ...]
    more_people: str
    people_href: str
    touch: DayMark | None
    next_step: str
    next_href: str
    next_more: str
    clock: ClockMark | None
    tabs: tuple[Tab, ...]
    turned: Turned
    deeds: tuple[Deed, ...]
    is_past: bool


def head(
    told: Standing, *, week: MovedView | None, here: str, as_of: AsOf, path: str, today: date
) -> AccountHead:
    """From what the stages know of an account."""
    account, day = told.account, as_of.day
    open_one = next((incident for incident in told.incidents if incident.open), None)
    step, href, more = _next_step(open_one, told, day)
    here_now = tuple(person for person in told.people if person.status != "left")
    rest = len(here_now) - MATTER
    counts = {
        "account-people": len(here_now),
        "account-incidents": sum(incident.open for incident in told.incidents) or None,
    }
    return AccountHead(
        key=account.key,
        name=account.name or account.key,
        above=tuple((name, as_of.of("account", key)) for key, name in told.place.above) if told.place else (),
        place=_place(told),
        owner=next((o.name for o in account.owners if o.role == "csm"), "")
        or next((o.name for o in account.owners), ""),
        owner_next=_next_owner(account.next_manager, today) if not as_of.is_past else "",
        score=score_mark(told.score),
        delta=Delta.of(week.change, speech.told("in a week")) if week else None,
        why=why(week, told.score),
        arr=_arr(account),
        arr_more=_arr_more(account),
        renewal=DayMark.of(account.renewal_date, today=day),
        people=tuple(PersonMark.of(p.name, title=p.title, stance=p.stance) for p in here_now[:MATTER]),
        more_people=speech.told("and %(rest)s more", rest=rest) if rest > 0 else "",
        people_href=as_of.of("account-people", account.key),
        touch=DayMark.of(account.last_touch_at, today=day),
        next_step=step,
        next_href=href,
        next_more=more,
        clock=incident_clock(open_one, now=as_of.at) if open_one else None,
        tabs=tuple(
            Tab(title, as_of.of(name, account.key), name == here, counts.get(name)) for name, title in TABS
        ),
        turned=_turned(as_of, path, today, account.key),
        deeds=() if as_of.is_past else _deeds(account.key, path, has_incident=open_one is not None),
        is_past=as_of.is_past,
    )


def _next_owner(said: tuple[str, date] | None, today: date) -> str:
    return (
        ""
        if said is None
        else speech.told("from %(day)s: %(name)s", day=words.day(said[1], today=today), name=said[0])
    )


def _place(told: Standing) -> str:
    account = told.account
    gone = (
        speech.told("Merged into %(merged_into)s", merged_into=account.merged_into)
        if account.merged_into
        else speech.told("Former customer") * account.former
    )
    below = told.place.below if told.place else 0
    phase = words.spoken(account.phase) if told.phase is None else told.phase.title
    said = (gone, account.industry, account.country, words.spoken(account.tier), phase)
    return " · ".join(filter(None, (*said, words.count(below, "account") + " below" if below else "")))


def _turned(as_of: AsOf, path: str, today: date, key: str) -> Turned:
    day, last = as_of.day.isoformat(), today.isoformat()
    compare = reverse("account-comparison", args=(key,))
    if not as_of.is_past:
        return Turned(path, day, last, path, compare)
    compare += f"?{urlencode({'since': day})}"
    known = (
        speech.told("from what was known then") if as_of.is_then else speech.told("from what is known now")
    )
    said = f"{words.date_of(as_of.day, long=True)}, {words.away(as_of.day, today=today)}, {known}"
    return Turned(
        path, day, last, path, compare, said, as_of.is_then,
        f"{path}?{urlencode({DAY: day})}", f"{path}?{urlencode({DAY: day, KNOWN: THEN})}",
    )  # fmt: skip


def _deeds(key: str, path: str, *, has_incident: bool) -> tuple[Deed, ...]:
    back = urlencode({"account": key, "back": path})
    made = [
        Deed(speech.told("Log a touchpoint"), f"{reverse('record-new', args=('touchpoints',))}?{back}", "t"),
        Deed(speech.told("Check in"), reverse("account-health", args=(key,)) + "#check-in"),
        Deed(speech.told("Override the score"), reverse("account-health", args=(key,)) + "#override"),
        Deed(
            speech.told("Edit the account"),
            f"{reverse('record', args=('accounts', key))}?{urlencode({'back': path})}",
            "e",
        ),
    ]
    if not has_incident:
        made.insert(
            1,
            Deed(speech.told("Open an incident"), f"{reverse('incident-new')}?{urlencode({'account': key})}"),
        )
    made.insert(1, Deed(speech.told("Set a task"), f"{reverse('task-new')}?{back}"))
    return tuple(made)


def _arr(account: AccountView) -> str:
    if account.arr or account.arr_reporting or not account.arr_parts:
        return words.money(account.arr or account.arr_reporting)
    return " + ".join(map(str, account.arr_parts))


def _arr_more(account: AccountView) -> str:
    """The other way to say the ARR: in the reporting currency, or as signed, or why it is not known."""
    if account.arr_unknown is not None:
        return account.arr_unknown if account.arr_parts else ""
    if account.arr is None:
        return (
            speech.told("signed as ") + " + ".join(map(str, account.arr_parts)) if account.arr_parts else ""
        )
    if account.arr_reporting is None or account.arr.currency == account.arr_reporting.currency:
        return ""
    return str(account.arr_reporting)


def score_mark(score: ScoreView | None) -> ScoreMark:
    """The score's mark; an account that was never scored is unknown."""
    if score is None:
        return ScoreMark.of(points=None, slug="unknown", known_weight=None, low=None, high=None)
    points, band = score.stands
    return ScoreMark.of(
        points=points, slug=band, known_weight=score.known_weight, low=score.low, high=score.high
    )


def why(week: MovedView | None, score: ScoreView | None) -> str:
    """What moved the score in the week; where nothing did, what holds it down."""
    if score is not None and score.override is not None:
        return speech.told(
            "set by %(by)s; the score says %(points)s",
            by=score.override.by,
            points=words.points(score.points),
        )
    has_moved = week is not None and week.change is not None and round(week.change) != 0
    return week.reason if week is not None and has_moved else worst(score)


def worst(score: ScoreView | None) -> str:
    """The part that costs most points, in words."""
    known = [part for part in score.parts if part.points is not None] if score else []
    costly = [part for part in known if part.band in ("red", "yellow")]
    if not costly:
        return ""
    part = max(costly, key=lambda part: (100 - (part.points or 0)) * part.weight)
    return f"{part.label} {words.number(part.value, part.unit)}"


def _next_step(incident: IncidentView | None, told: Standing, day: date) -> tuple[str, str, str]:
    """What is to be done next, where, and by when where no clock says it."""
    if incident is not None:
        task = next((task for task in incident.tasks if task.done_at is None), None)
        title = task.title if task else speech.told("Close the incident with its cause and plan")
        return title, reverse("incident", args=(incident.id,)), ""
    if told.tasks:
        due = words.local_day(told.tasks[0].due_at)
        who = f", {told.tasks[0].assignee}" if told.tasks[0].assignee else ""
        return told.tasks[0].title, reverse("task", args=(told.tasks[0].id,)), f"{_due(due, day)}{who}"
    if told.cadence == "late":
        href = reverse("account-cadence", args=(told.account.key,))
        return speech.told("Speak with them"), href, speech.told("the cadence is broken")
    spoke = told.account.last_touch_at
    if told.cadence in ("", "unknown") and (
        spoke is None or day - spoke.date() > timedelta(days=SILENT_DAYS)
    ):
        return speech.told("Get in touch"), "", ""
    return "", "", ""


def _due(due: date, day: date) -> str:
    return speech.told(
        "due %(due)s · %(due2)s", due=words.away(due, today=day), due2=words.day(due, today=day)
    )


def open_tasks(tasks: Sequence[TaskItem], *, day: date) -> tuple[tuple[str, str, str, str], ...]:
    """Open tasks: what, where, who, and by when."""
    return tuple(
        (one.title, reverse("task", args=(one.id,)), one.assignee, _due(words.local_day(one.due_at), day))
        for one in tasks
    )
