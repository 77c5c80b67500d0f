"""What the pages of hand-overs say: the list, one with its pack, and what breaks if somebody leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.http import urlencode

from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark, Option, PersonMark, ScoreMark, Tab
from keepwell.faces.web.pages.account_cadence import OutputRow, RuleRow, output, rule
from keepwell.faces.web.pages.account_head import score_mark
from keepwell.kernel import speech
from keepwell.plays.queries.continuity import Continuity, ContinuityRow
from keepwell.plays.queries.hand_overs import HandOverView, Pack, SpokenView

KINDS = {
    "sales_to_cs": speech.later("Sales to customer success"),
    "pm_to_csm": speech.later("Project manager to CSM"),
    "csm_to_csm": speech.later("CSM to CSM"),
}
WHOSE = {"mine": speech.later("To me"), "given": speech.later("From me"), "all": speech.later("All")}
BREAKS = {
    "alone": speech.later("nobody else of ours has a role"),
    "tasks": speech.later("open tasks"),
    "incidents": speech.later("open incidents"),
    "single_thread": speech.later("fewer than two of their people spoken with in 90 days"),
    "unwritten": speech.later("nothing written down in 90 days"),
    "meetings": speech.later("meetings to come"),
}


@dataclass(frozen=True)
class HandOverRow:
    """A hand-over in a list."""

    account: str
    href: str
    kind: str
    giver: str
    receiver: str
    made: DayMark | None
    state: str
    tone: str


@dataclass(frozen=True)
class ListPage:
    """The list, the colleagues to check, and the form."""

    state: str
    tabs: tuple[Tab, ...]
    rows: tuple[HandOverRow, ...]
    csms: tuple[tuple[str, str, str], ...]
    kinds: tuple[Option, ...]
    colleagues: tuple[Option, ...]
    account: str
    note: str
    refused: str
    may_make: bool
    may_assign: bool


@dataclass(frozen=True)
class Spoken:
    """A conversation of the pack."""

    when: str
    kind: str
    subject: str
    notes: str
    next_step: str


@dataclass(frozen=True)
class PackPage:
    """A hand-over with all that the next one has to know."""

    id: int
    account: str
    account_href: str
    state: str
    note: str
    accepted: str
    accepted_note: str
    score: ScoreMark
    why: str
    facts: tuple[tuple[str, str], ...]
    people: tuple[tuple[PersonMark, str, str], ...]
    tasks: tuple[tuple[str, str, str], ...]
    incidents: tuple[tuple[str, str, str], ...]
    runs: tuple[tuple[str, str, str], ...]
    cadence: str
    rules: tuple[RuleRow, ...]
    outputs: tuple[OutputRow, ...]
    planned: tuple[Spoken, ...]
    spoken: tuple[Spoken, ...]
    pdf: str
    may_accept: bool
    may_change: bool
    back: str


@dataclass(frozen=True)
class ContinuityLine:
    """An account and what of it breaks."""

    account: str
    href: str
    arr: str
    breaks: tuple[str, ...]
    give: str


@dataclass(frozen=True)
class ContinuityPage:
    """What breaks if somebody leaves today."""

    user_id: int
    name: str
    state: str
    stats: tuple[tuple[str, str, str], ...]
    rows: tuple[ContinuityLine, ...]
    kinds: tuple[Option, ...]
    colleagues: tuple[Option, ...]
    may_assign: bool
    refused: str
    csv: str


def listing(
    found: Sequence[HandOverView], *, whose: str, csms: Sequence[tuple[int, str, int]], today: date,
    colleagues: Sequence[tuple[str, str]], account: str, note: str, kind: str, to: str, refused: str,
    may_make: bool, may_assign: bool,
) -> ListPage:  # fmt: skip
    """The list."""
    waits = sum(one.accepted_at is None for one in found)
    return ListPage(
        state=speech.counted(waits, "%(n)s hand-over waits.", "%(n)s hand-overs wait.", n=waits),
        tabs=tuple(
            Tab(speech.said(title), f"{reverse('handovers')}?whose={slug}", slug == whose)
            for slug, title in WHOSE.items()
        ),
        rows=tuple(row(one, today) for one in found),
        csms=tuple(
            (name, f"{reverse('handovers-continuity')}?of={pk}", words.count(n, "account"))
            for pk, name, n in csms
        ),
        kinds=kinds(kind),
        colleagues=tuple(Option(email, name, email == to) for email, name in colleagues),
        account=account,
        note=note,
        refused=refused,
        may_make=may_make,
        may_assign=may_assign,
    )


def kinds(chosen: str) -> tuple[Option, ...]:
    """The kinds to choose from; CSM to CSM first."""
    return tuple(
        Option(slug, speech.said(KINDS[slug]), slug == chosen)
        for slug in ("csm_to_csm", "pm_to_csm", "sales_to_cs")
    )


def row(one: HandOverView, today: date) -> HandOverRow:
    """One of the list."""
    accepted = one.accepted_at is not None
    return HandOverRow(
        one.account_name,
        reverse("handover", args=(one.id,)),
        speech.said(KINDS[one.kind]),
        one.giver,
        one.receiver,
        DayMark.of(one.made_at, today=today),
        speech.told("Accepted") if accepted else speech.told("Waits"),
        "good" if accepted else "warn",
    )


def detail(
    one: HandOverView,
    found: Pack,
    *,
    me: int | None,
    may_work: bool,
    may_assign: bool,
    now: datetime,
    today: date,
) -> PackPage:
    """A hand-over with its pack."""
    is_open = one.accepted_at is None
    state = speech.told(
        "%(kind)s: %(giver)s to %(receiver)s, %(day)s",
        kind=speech.said(KINDS[one.kind]),
        giver=one.giver or "–",
        receiver=one.receiver,
        day=words.day(words.local_day(one.made_at), today=today, dated=True),
    )
    accepted = ""
    if one.accepted_at is not None:
        accepted = speech.told(
            "%(who)s accepted it %(moment)s.",
            who=one.receiver,
            moment=words.moment(one.accepted_at, today=today),
        )
    standing = found.cadence.standing
    return PackPage(
        id=one.id,
        account=one.account_name,
        account_href=reverse("account", args=(one.account_key,)),
        state=state,
        note=one.note,
        accepted=accepted,
        accepted_note=one.accepted_note,
        score=score_mark(found.score),
        why=found.reason,
        facts=_facts(found, today),
        people=tuple(
            (
                PersonMark.of(person.name, title=person.title, stance=person.stance),
                ", ".join(words.spoken(role) for role in person.roles) or words.spoken(person.role),
                words.spoken(person.status),
            )
            for person in found.people
        ),
        tasks=tuple(
            (
                task.title,
                reverse("task", args=(task.id,)),
                " · ".join(filter(None, (task.assignee, words.moment(task.due_at, today=today)))),
            )
            for task in found.tasks
        ),
        incidents=tuple(
            (each.title, reverse("incident", args=(each.id,)), words.moment(each.due_at, today=today))
            for each in found.incidents
        ),
        runs=tuple(
            (run.title, reverse("run", args=(run.id,)), f"{run.steps_over} / {run.steps_total}")
            for run in found.runs
        ),
        cadence="" if standing.within is None else standing.within.phase.title,
        rules=tuple(rule(each, day=today) for each in standing.verdicts if each.wins),
        outputs=tuple(output(each, day=today) for each in found.cadence.outputs),
        planned=tuple(_spoken(each, today) for each in found.planned),
        spoken=tuple(_spoken(each, today) for each in found.spoken),
        pdf=reverse("handover-pdf", args=(one.id,)),
        may_accept=may_work and is_open and me == one.receiver_id,
        may_change=may_work and is_open and (me in (one.giver_id, one.made_by_id) or may_assign),
        back=reverse("handovers"),
    )


def _facts(found: Pack, today: date) -> tuple[tuple[str, str], ...]:
    account = found.account
    newest = found.contracts[0] if found.contracts else None
    here = found.cadence.standing.within
    renewal = words.day(account.renewal_date, today=today, dated=True) if account.renewal_date else "–"
    told = [
        (speech.told("ARR"), words.money(account.arr or account.arr_reporting)),
        (speech.told("Renewal"), renewal),
        (speech.told("Phase"), here.phase.title if here is not None else words.spoken(account.phase)),
        (speech.told("Owners"), ", ".join(f"{one.name} ({one.role})" for one in account.owners) or "–"),
    ]  # fmt: skip
    if newest is not None:
        notice = "–" if newest.notice_days is None else words.count(newest.notice_days, "day")
        told += [
            (speech.told("Contract"), newest.product or newest.key),
            (speech.told("Notice"), notice),
            (
                speech.told("Renews by itself"),
                {None: speech.told("not known"), True: speech.told("yes"), False: speech.told("no")}[newest.auto_renew],
            ),
        ]  # fmt: skip
    told.append((speech.told("Incidents before"), words.whole(found.closed_incidents)))
    return tuple(told)


def _spoken(one: SpokenView, today: date) -> Spoken:
    return Spoken(
        words.moment(one.at, today=today), words.spoken(one.kind), one.subject, one.notes[:600], one.next_step
    )


def continuity(
    found: Continuity, *, colleagues: Sequence[tuple[str, str]], may_assign: bool, refused: str
) -> ContinuityPage:
    """What breaks if this person leaves."""
    broken = [one for one in found.rows if one.breaks]
    return ContinuityPage(
        user_id=found.user_id,
        name=found.name,
        state=speech.told(
            "If %(name)s leaves today, something breaks at %(n)s of %(accounts)s.",
            name=found.name, n=len(broken), accounts=words.count(len(found.rows), "account"),
        ),
        stats=tuple(
            (speech.said(title)[:1].upper() + speech.said(title)[1:], words.whole(found.count(name)), "")
            for name, title in BREAKS.items()
        ),
        rows=tuple(_line(one, found.email) for one in broken),
        kinds=kinds("csm_to_csm"),
        colleagues=tuple(Option(email, name, False) for email, name in colleagues if email != found.email),
        may_assign=may_assign and bool(found.rows),
        refused=refused,
        csv=f"{reverse('handovers-continuity-csv')}?of={found.user_id}",
    )  # fmt: skip


def _line(one: ContinuityRow, email: str) -> ContinuityLine:
    del email
    counts = {"tasks": one.tasks, "incidents": one.incidents, "meetings": one.meetings}
    said = tuple(
        f"{counts[name]} {speech.said(BREAKS[name])}" if name in counts else speech.said(BREAKS[name])
        for name in one.breaks
    )
    return ContinuityLine(
        one.name,
        reverse("account", args=(one.key,)),
        words.short_money(one.arr) if one.arr else "–",
        said,
        f"{reverse('handovers')}?{urlencode({'account': one.key})}#make-title",
    )
