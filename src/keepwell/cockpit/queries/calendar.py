"""What stands in a person's calendar: what is due for their own accounts and of their own tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.db.models import Q

from keepwell.access.scopes import Scope
from keepwell.health.formulas import portfolio
from keepwell.health.models import Path
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.ledger.models import Account
from keepwell.ledger.queries import accounts
from keepwell.plays import models, practice
from keepwell.plays.formulas import slots
from keepwell.plays.queries import cadences, tasks

Kind = Literal["touchpoint", "task", "office_hour", "clock", "renewal"]
MOST = 500  # of a kind: the largest accounts, the soonest tasks
AHEAD, BACK = timedelta(days=183), timedelta(days=31)
CLOCK = timedelta(minutes=30)  # how long a clock shows: it ends when the clock runs out


@dataclass(frozen=True)
class Entry:
    """One thing of a calendar; `uid` stays the same however it moves.

    `starts` is a day where the whole day is meant, else a moment (UTC), or for what comes every week (`weekly`) the time
    where it is held. `subject` is what it is about, as in Today; `until` is when what comes every week ended.
    """

    uid: str
    kind: Kind
    title: str
    more: str
    subject: str
    starts: date | datetime
    ends: datetime | None = None
    weekly: bool = False
    until: datetime | None = None
    place: str = ""


def entries(*, seen_by: Scope, now: datetime, zone: str) -> tuple[Entry, ...]:
    """All of them, by kind. Some 15 queries, however many accounts there are.

    Accounts are those that the asker owns and may see; days of tasks are those of the zone. At most 500 of a kind, half a year
    ahead and a month back.
    """
    if seen_by.user_id is None:
        return ()
    mine = list(
        accounts.visible(seen_by=seen_by, owner_id=seen_by.user_id)
        .filter(former=False, merged_into=None)
        .order_by("-arr_reporting", "pk")[:MOST]
    )
    today = now.astimezone(ZoneInfo(zone)).date()
    return (
        *_touchpoints(mine, today, now.date()),
        *_tasks(seen_by, now, zone),
        *_office_hours(mine, seen_by.user_id),
        *_clocks(mine),
        *_renewals(mine, today),
    )


def _name(account: Account) -> str:
    return account.name or account.key


def _touchpoints(mine: Sequence[Account], today: date, day: date) -> list[Entry]:
    """When somebody has to speak with whom; what is overdue stands on today."""
    letters = dict(Path.objects.filter(pk__in=[row.pk for row in mine]).values_list("pk", "bands"))
    bands = {row.pk: portfolio.BANDS.get(letters.get(row.pk, "")[-1:], "none") for row in mine}
    stands = cadences.standings(account_ids=list(bands), bands=bands, day=day, back_days=400)
    found = []
    for row in mine:
        one = stands.get(row.pk)
        verdict = None if one is None or one.state not in ("kept", "late") else one.next
        if verdict is None or verdict.due is None or verdict.due > today + AHEAD:
            continue
        said = speech.told(
            "%(rule)s: due by %(day)s",
            rule=cadences.rule_said(verdict.duty),
            day=date_said(verdict.due),
        )
        found.append(
            Entry(
                uid=f"cadence-{row.pk}",
                kind="touchpoint",
                title=speech.told("Speak with %(name)s", name=_name(row)),
                more=f"{said}.",
                subject=f"cadence:{row.key}",
                starts=max(verdict.due, today),
            )
        )
    return found


def _tasks(seen_by: Scope, now: datetime, zone: str) -> list[Entry]:
    """One's open tasks; those that a clock waits for stand with the clock. One query."""
    rows = (
        tasks.visible(seen_by=seen_by)
        .filter(assignee=seen_by.user_id, completion=None, clock="", due_at__lt=now + AHEAD)
        .select_related("account", "incident")
        .order_by("due_at", "pk")[:MOST]
    )
    return [
        Entry(
            uid=f"task-{row.pk}",
            kind="task",
            title=speech.told("%(title)s: %(name)s", title=row.title, name=_name(row.account)),
            more=row.note,
            subject=f"task:{row.pk}",
            starts=row.due_at.astimezone(ZoneInfo(zone)).date(),
        )
        for row in rows
    ]


def _office_hours(mine: Sequence[Account], user_id: int) -> list[Entry]:
    """Weekly hours that one holds, and those of one's accounts. One query."""
    rows = models.OfficeHour.objects.filter(Q(host=user_id) | Q(account__in=mine)).select_related("account")
    found = []
    for row in rows.filter(ended_at=None).order_by("pk")[:MOST]:
        first = slots.following(weekday=row.weekday, clock=row.clock, zone=row.zone, after=row.made_at)
        there = first.astimezone(ZoneInfo(row.zone))
        whose = speech.told("For all accounts.") if row.account is None else f"{_name(row.account)}."
        found.append(
            Entry(
                uid=f"office-hour-{row.pk}",
                kind="office_hour",
                title=row.title,
                more=whose,
                subject="office_hours",
                starts=there,
                ends=(first + timedelta(minutes=row.minutes)).astimezone(ZoneInfo(row.zone)),
                weekly=True,
                place=row.place,
            )
        )
    return found


def _clocks(mine: Sequence[Account]) -> list[Entry]:
    """Clocks that run on one's accounts. One query."""
    rows = models.IncidentClock.objects.filter(
        incident__account__in=mine, incident__open=True, met_at=None
    ).select_related("incident__account")
    return [
        Entry(
            uid=f"clock-{row.pk}",
            kind="clock",
            title=speech.told(
                "%(clock)s due: %(name)s",
                clock=speech.said(practice.CLOCKS[row.kind]),
                name=_name(row.incident.account),
            ),
            more=row.incident.title,
            subject=f"incident:{row.incident_id}",
            starts=row.due_at - CLOCK,
            ends=row.due_at,
        )
        for row in rows.order_by("due_at", "pk")[:MOST]
    ]


def _renewals(mine: Sequence[Account], today: date) -> list[Entry]:
    return [
        Entry(
            uid=f"renewal-{row.pk}",
            kind="renewal",
            title=speech.told("%(name)s renews", name=_name(row)),
            more="",
            subject=f"account:{row.key}",
            starts=row.renewal_date,
        )
        for row in mine
        if row.renewal_date is not None and today - BACK <= row.renewal_date <= today + AHEAD
    ]
