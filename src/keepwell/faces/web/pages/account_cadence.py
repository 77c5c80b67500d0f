"""What the Cadence tab of an account says: what is due, week by week what was kept, and the outputs of its phase."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.urls import reverse
from django.utils.http import urlencode

from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark
from keepwell.faces.web.pages.account_head import AccountHead
from keepwell.faces.web.pages.roles import role_title
from keepwell.kernel import days, speech
from keepwell.plays.queries import cadences
from keepwell.plays.queries.account_cadence import AccountCadence, WeekView
from keepwell.plays.queries.outputs import OutputView

STATES = {
    "kept": speech.later("Kept"),
    "late": speech.later("Broken"),
    "unknown": speech.later("Cannot be told"),
    "unasked": speech.later("Nothing is asked"),
}
TONES = {"kept": "good", "late": "bad"}
HOW = {"done": speech.later("Done"), "due": speech.later("Due"), "overdue": speech.later("Overdue")}
ORIGINS = {"band": speech.later("Health"), "tier": speech.later("Tier"), "phase": speech.later("Phase")}
KINDS = {
    "call": speech.later("call"),
    "meeting": speech.later("meeting"),
    "review": speech.later("review"),
    "email": speech.later("e-mail"),
    "onsite": speech.later("visit"),
}


@dataclass(frozen=True)
class RuleRow:
    """A rule that is asked of the account; `wins` says that no other is tighter."""

    said: str
    origin: str
    kinds: str
    last: DayMark | None
    due: DayMark | None
    state: str
    tone: str
    wins: bool


@dataclass(frozen=True)
class WeekCell:
    """A looked-at day in the calendar: how it stood and how many conversations the week had."""

    count: int
    tone: str
    title: str


@dataclass(frozen=True)
class OutputRow:
    """An output, and what became of it."""

    slug: str
    title: str
    owner: str
    due: DayMark | None
    how: str
    tone: str
    is_done: bool
    done: str
    link: str
    note: str
    href: str


@dataclass(frozen=True)
class CadenceTab:
    """The tab."""

    head: AccountHead
    state: str
    tone: str
    said: str
    phase: str
    rules: tuple[RuleRow, ...]
    months: tuple[tuple[str, tuple[WeekCell, ...]], ...]
    share: str
    spells: tuple[str, ...]
    outputs: tuple[OutputRow, ...]
    touch: str
    may_work: bool


def tab(head: AccountHead, found: AccountCadence, *, day: date, may_work: bool, path: str) -> CadenceTab:
    """The tab as of a day."""
    standing = found.standing
    return CadenceTab(
        head=head,
        state=speech.said(STATES[standing.state]),
        tone=TONES.get(standing.state, ""),
        said=_said(found, day),
        phase=_phase(found, day),
        rules=tuple(rule(one, day=day) for one in standing.verdicts),
        months=_months(found.weeks),
        share=""
        if found.kept_share is None
        else speech.told("kept in %(share)s of the weeks", share=words.percent(100 * found.kept_share)),
        spells=tuple(_spell(since, until) for since, until in found.spells),
        outputs=tuple(output(one, day=day) for one in found.outputs),
        touch=f"{reverse('record-new', args=('touchpoints',))}?"
        + urlencode({"account": head.key, "back": path}),
        may_work=may_work,
    )


def _said(found: AccountCadence, day: date) -> str:
    """What is next, in a sentence."""
    standing = found.standing
    if standing.state == "unasked":
        return speech.told("Programmes look after accounts of this tier; nobody has to call.")
    if standing.next is None:
        return speech.told(
            "No rule says how often to meet this account: its band, tier and phase ask nothing."
        )
    parts = []
    if standing.next.due is not None:
        rule_ = cadences.rule_said(standing.next.duty)
        told = {
            "day": words.day(standing.next.due, today=day),
            "away": words.away(standing.next.due, today=day),
            "rule": rule_,
        }
        is_over = standing.next.due < day
        parts.append(
            speech.told("Was due %(day)s (%(away)s), for %(rule)s", **told)
            if is_over
            else speech.told("Next due %(day)s (%(away)s), for %(rule)s", **told)
        )
    else:
        parts.append(speech.told("Nobody has spoken with them yet as far as is known"))
    if found.planned is not None:
        parts.append(speech.told("planned for %(moment)s", moment=words.moment(found.planned, today=day)))
    return "; ".join(parts) + "."


def _phase(found: AccountCadence, day: date) -> str:
    here = found.standing.within
    if here is None:
        return speech.told("In no declared phase")
    led = words.listed([role_title(role) for role in here.phase.owner])
    if here.since is None:
        return speech.told("%(phase)s, led by %(who)s", phase=here.phase.title, who=led)
    return speech.told(
        "%(phase)s since %(day)s, led by %(who)s",
        phase=here.phase.title,
        day=words.day(here.since, today=day, dated=True),
        who=led,
    )


def rule(one: cadences.RuleVerdict, *, day: date) -> RuleRow:
    """A rule with how it stands."""
    kinds = [speech.said(KINDS[kind]) for kind in one.duty.kinds]
    state = "kept" if one.kept else "late" if one.due is not None else "unknown"
    return RuleRow(
        said=cadences.rule_said(one.duty),
        origin=speech.said(ORIGINS[one.duty.origin]),
        kinds=words.listed(kinds) if kinds else speech.told("any conversation"),
        last=DayMark.of(one.last, today=day),
        due=DayMark.of(one.due, today=day),
        state=speech.said(STATES[state]),
        tone=TONES.get(state, ""),
        wins=one.wins,
    )


def _months(weeks: tuple[WeekView, ...]) -> tuple[tuple[str, tuple[WeekCell, ...]], ...]:
    months = groupby(weeks, key=lambda one: (one.day.year, one.day.month))
    return tuple(
        (days.month_said(first[0].day), tuple(map(_cell, first)))
        for _, told in months
        if (first := list(told))
    )


def _cell(one: WeekView) -> WeekCell:
    title = speech.told(
        "%(day)s: %(state)s, %(talks)s in the week before",
        day=words.date_of(one.day),
        state=speech.said(STATES[one.state]).lower(),
        talks=words.count(one.conversations, "conversation"),
    )
    return WeekCell(one.conversations, TONES.get(one.state, "none"), title)


def _spell(since: date, until: date | None) -> str:
    if until is None:
        return speech.told("Broken since %(since)s", since=words.date_of(since))
    return speech.told(
        "Broken from %(since)s, kept again by %(until)s",
        since=words.date_of(since),
        until=words.date_of(until),
    )


def output(one: OutputView, *, day: date) -> OutputRow:
    """An output with what became of it."""
    done = ""
    if one.done_at is not None:
        done = words.day(words.local_day(one.done_at), today=day)
        done = speech.told("%(day)s by %(who)s", day=done, who=one.done_by) if one.done_by else done
    return OutputRow(
        slug=one.output,
        title=one.title,
        owner=words.listed([role_title(role) for role in one.owner]),
        due=DayMark.of(one.due, today=day),
        how=speech.said(HOW[one.how]),
        tone={"overdue": "warn", "done": "good"}.get(one.how, ""),
        is_done=one.how == "done",
        done=done,
        link=one.link,
        note=one.note,
        href=reverse("account-output", args=(one.account_key, one.output)),
    )
