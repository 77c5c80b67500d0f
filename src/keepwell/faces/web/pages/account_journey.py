"""What the Journey tab of an account says: its path drawn and as a list, the criteria of its phase, what went against it."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from keepwell.charts.journey_path import Leg, Mark, journey_path
from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark
from keepwell.faces.web.pages.account_cadence import KINDS as TALKS
from keepwell.faces.web.pages.account_head import AccountHead
from keepwell.kernel import speech
from keepwell.outcomes.queries.account_journey import AccountJourney, CriterionView, StayView
from keepwell.outcomes.queries.frictions import FrictionView

STATES = {
    "stalled": speech.later("Stalled"),
    "ready": speech.later("Ready for the next phase"),
    "under_way": speech.later("Under way"),
    "left": speech.later("Left"),
    "unknown": speech.later("Cannot be told"),
}
TONES = {"stalled": "bad", "ready": "good"}
WAYS = {
    "hand": speech.later("Said by hand"),
    "rule": speech.later("By its rule"),
    "import": speech.later("As it came in"),
    "days": speech.later("Reckoned by days"),
    "untold": speech.later("No rule can tell"),
}
FRICTIONS = {
    "escalation": speech.later("Ticket escalated"),
    "tickets": speech.later("Many tickets"),
    "survey": speech.later("Bad answer"),
    "champion": speech.later("Champion left"),
    "milestone": speech.later("Milestone slipped"),
    "step": speech.later("Milestone of the plan missed"),
    "cadence": speech.later("Cadence broken"),
    "incident": speech.later("Incident"),
    "noted": speech.later("Noted"),
}

PLACES = {
    "cadence": "account-cadence",
    "step": "account-plan",
    "milestone": "account-delivery",
    "incident": "account-incidents",
}


@dataclass(frozen=True)
class PathRow:
    """A phase of the path."""

    title: str
    since: str
    until: str
    days: str
    expected: str
    over: str
    talks: str
    frictions: str
    way: str
    is_now: bool


@dataclass(frozen=True)
class Criterion:
    """By what the phase begins or ends, and how that stands."""

    title: str
    said: str
    condition: str
    verdict: str
    tone: str
    because: str


@dataclass(frozen=True)
class FrictionRow:
    """A friction; `id` where it was written by hand, `href` what it follows from."""

    day: DayMark | None
    kind: str
    said: str
    state: str
    tone: str
    href: str
    id: int | None
    is_settled: bool
    settled: str


@dataclass(frozen=True)
class JourneyTab:
    """The tab; `awaits` is where it is read from the lake."""

    head: AccountHead
    awaits: str = ""
    state: str = ""
    tone: str = ""
    said: str = ""
    drawn: SafeString = field(default_factory=SafeString)
    stays: tuple[PathRow, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    frictions: tuple[FrictionRow, ...] = ()
    deed: str = ""
    phase_href: str = ""
    csv: str = ""
    today: str = ""
    may_work: bool = False


def tab(head: AccountHead, found: AccountJourney, *, may_work: bool, csv: str) -> JourneyTab:
    """The tab as of a day."""
    named = found.now
    criteria = (
        (_criterion(speech.told("It begins when"), found.entry), _criterion(speech.told("It ends when"), found.exit))
        if named
        else ()
    )  # fmt: skip
    return JourneyTab(
        head=head,
        state=speech.said(STATES[found.state]),
        tone=TONES.get(found.state, ""),
        said=said(found),
        drawn=_drawn(found),
        stays=tuple(_row(one) for one in reversed(found.stays)),
        criteria=tuple(one for one in criteria if one.said or one.condition),
        frictions=tuple(_friction(one, found) for one in reversed(found.frictions)),
        deed=reverse("account-journey-deed", args=(found.key,)),
        phase_href=reverse("account-phase", args=(found.key,)),
        csv=csv,
        today=found.day.isoformat(),
        may_work=may_work,
    )


def said(found: AccountJourney) -> str:
    """Where it stands, in a sentence."""
    now = found.now
    if now is None:
        return (
            speech.told("The customer left.")
            if found.state == "left"
            else speech.told("Nothing tells in which phase it is.")
        )
    if not now.is_dated:
        return speech.told("%(phase)s; nothing tells since when.", phase=now.title)
    told = {"phase": now.title, "days": words.count(now.days, "day")}
    if now.over:
        return speech.told(
            "%(phase)s for %(days)s, %(over)s longer than expected.",
            **told, over=words.count(now.over, "day"),
        )  # fmt: skip
    if now.expected is None:
        return speech.told("%(phase)s for %(days)s.", **told)
    return speech.told("%(phase)s for %(days)s of %(expected)s expected.", **told, expected=now.expected)


def _drawn(found: AccountJourney) -> SafeString:
    legs = [
        Leg(
            one.since,
            one.until or found.day,
            one.title,
            f"{one.title}: {_span(one)}",
            _tone(one),
            one.since + timedelta(days=one.expected) if one.expected is not None and one.is_dated else None,
        )
        for one in found.stays
    ]
    marks = [
        Mark(one.on, f"{words.date_of(one.on)}: {friction_said(one)}", _lasts(one)) for one in found.frictions
    ]
    told = speech.told(
        "The path of %(name)s: %(phases)s, with %(frictions)s",
        name=found.name,
        phases=words.listed([one.title for one in found.stays]),
        frictions=words.count(len(found.frictions), "friction"),
    )
    drawn = journey_path(legs, found.talks, marks, today=found.day, told=told)
    return mark_safe(drawn)  # noqa: S308 our own drawing, which escapes its texts


def _tone(one: StayView) -> str:
    if not one.phase:
        return "untold"
    if one.over:
        return "over"
    return "now" if one.until is None else "past"


def _span(one: StayView) -> str:
    since = words.date_of(one.since)
    if one.until is None:
        return speech.told("since %(since)s", since=since)
    return speech.told("%(since)s to %(day)s", since=since, day=words.date_of(one.until))


def _row(one: StayView) -> PathRow:
    talks = [
        f"{words.whole(count)} × {speech.said(TALKS[kind]) if kind in TALKS else words.spoken(kind).lower()}"
        for kind, count in one.touchpoints
    ]
    return PathRow(
        title=one.title,
        since=words.date_of(one.since) if one.is_dated else speech.told("not told"),
        until=words.date_of(one.until) if one.until else speech.told("still"),
        days=words.whole(one.days) if one.is_dated else "–",
        expected="–" if one.expected is None else words.whole(one.expected),
        over=speech.told("%(n)s over", n=words.whole(one.over)) if one.over else "",
        talks=words.listed(talks) if talks else "–",
        frictions=words.whole(len(one.frictions)) if one.frictions else "",
        way=speech.said(WAYS[one.by]),
        is_now=one.until is None,
    )


def _criterion(title: str, one: CriterionView) -> Criterion:
    verdicts = {
        True: (speech.told("Holds"), "good"),
        False: (speech.told("Does not hold"), "unknown"),
        None: (speech.told("Cannot be told"), "unknown"),
    }
    verdict, tone = verdicts[one.holds] if one.condition else ("", "")
    return Criterion(title, one.said, one.condition, verdict, tone, "; ".join(one.because))


def friction_said(one: FrictionView) -> str:
    """A friction in words."""
    kind = speech.said(FRICTIONS[one.kind])
    more = {
        "tickets": words.count(int(one.value or 0), "ticket") + " " + speech.told("in the month"),
        "survey": f"{one.feature.upper()} {words.plain(one.value or 0)}"
        + (f", {one.person}" if one.person else ""),
        "champion": one.person,
        "milestone": f"{one.feature}, {words.count(int(one.value or 0), 'day')}" if one.feature else "",
    }.get(one.kind, one.text)
    return f"{kind}: {more}" if more else kind


def _lasts(one: FrictionView) -> bool:
    return one.kind in ("noted", "step", "cadence") and one.until is None


def _friction(one: FrictionView, found: AccountJourney) -> FrictionRow:
    lasts = _lasts(one)
    over = speech.told("until %(day)s", day=words.date_of(one.until)) if one.until else ""
    kind = speech.said(FRICTIONS[one.kind])
    text = friction_said(one)
    return FrictionRow(
        day=DayMark.of(one.on, today=found.day, dated=True),
        kind=kind,
        said=text.removeprefix(f"{kind}: ") if text != kind else "",
        state=speech.told("open") if lasts else over,
        tone="bad" if lasts else "",
        href=_href(one, found.key),
        id=one.id,
        is_settled=bool(one.settled),
        settled=one.settled if one.settled != "-" else "",
    )


def _href(one: FrictionView, key: str) -> str:
    """What it follows from."""
    if one.kind == "noted":
        return ""
    if one.kind == "escalation" and one.key:
        back = urlencode({"back": reverse("account-journey", args=(key,))})
        return f"{reverse('record', args=('tickets', one.key))}?{back}"
    if one.kind in PLACES:
        return reverse(PLACES[one.kind], args=(key,))
    return _timeline(one.on, key, whole_month=one.kind == "tickets")


def _timeline(day: date, key: str, *, whole_month: bool) -> str:
    """The facts of the day, or of the month, on the timeline."""
    since = day.replace(day=1) if whole_month else day
    asked = {"since": since.isoformat(), "until": day.isoformat()}
    return f"{reverse('account-timeline', args=(key,))}?{urlencode(asked)}"
