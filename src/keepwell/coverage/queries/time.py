"""Where the time of colleagues goes: what touchpoints and tasks tell, and what was noted by hand."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.db.models import F, Q

from keepwell.access.models import User
from keepwell.access.scopes import Scope
from keepwell.coverage.formulas import time_shares
from keepwell.coverage.formulas.time_shares import PROACTIVE, QUEUE, SIDES, WEEK, Shares
from keepwell.coverage.models import ACTIVITIES, TimeEntry
from keepwell.health.models import BandChange, Line
from keepwell.health.queries.portfolio import Whose
from keepwell.kernel.errors import NotFound
from keepwell.kernel.moments import DAY, end_of, start_of
from keepwell.ledger.models import Touchpoint
from keepwell.plays.models import TaskCompletion

__all__ = [
    "ACTIVITIES",
    "PROACTIVE",
    "QUEUE",
    "SIDES",
    "WEEK",
    "EntryView",
    "PersonTime",
    "Shares",
    "Spent",
    "WeekTime",
]

# Minutes that stand for a conversation whose length nobody told, and for a task.
USUAL = {"call": 30, "meeting": 45, "review": 60, "onsite": 120, "email": 10, "note": 0}
A_CALL = USUAL["call"]
A_TASK = 30
REVIEW = "review"
SEVEN_DAYS = timedelta(weeks=1)
ONBOARDING_DAYS = 90
SIDE_OF = {"customer": "customer", "support": "customer", "planning": "planning", "internal": "internal"}


@dataclass(frozen=True)
class PersonTime:
    """One colleague's time."""

    user_id: int
    name: str
    shares: Shares


@dataclass(frozen=True)
class WeekTime:
    """A week's time; it begins on a Monday."""

    monday: date
    shares: Shares


@dataclass(frozen=True)
class Spent:
    """What is known of some weeks: of all together, by week (the latest first), by colleague."""

    since: date
    until: date
    shares: Shares
    weeks: tuple[WeekTime, ...]
    people: tuple[PersonTime, ...]


@dataclass(frozen=True)
class EntryView:
    """Time that was noted by hand; the account's key and name are empty where it was for none."""

    id: int
    day: date
    minutes: int
    activity: str
    account_key: str
    account_name: str
    note: str


def spent(of: Whose, *, until: date, weeks: int, seen_by: Scope) -> Spent:
    """The time of these people in the last weeks, the one of `until` included as far as it is. Six queries."""
    since = until - DAY * until.weekday() - SEVEN_DAYS * (weeks - 1)
    rows = spells(of, since=since, until=until, seen_by=seen_by)
    mondays = [since + SEVEN_DAYS * n for n in reversed(range(weeks))]
    by_week = {
        monday: rows.filter((pl.col("day") >= monday) & (pl.col("day") < monday + SEVEN_DAYS))
        for monday in mondays
    }
    ids = rows["user_id"].unique().to_list()
    names = dict(User.objects.filter(pk__in=ids).order_by("name", "email").values_list("pk", "name"))
    people = tuple(
        PersonTime(user, name, time_shares.shares(rows.filter(pl.col("user_id") == user)))
        for user, name in names.items()
    )
    told = tuple(WeekTime(monday, time_shares.shares(some)) for monday, some in by_week.items())
    return Spent(since, until, time_shares.shares(rows), told, people)


def spells(of: Whose, *, since: date, until: date, seen_by: Scope) -> pl.DataFrame:
    """Each stretch of time of these people from a day to another, both included, in the columns of `time_shares.SCHEMA`.

    A conversation is the CSM's who owned the account on its day; a task is whose who did it. What is within 90 days of the
    account's beginning is onboarding, a review is internal work's, all else goes by the band of that day. Five queries.
    """
    ids = _people(of, seen_by)
    told = [*_conversations(ids, since, until), *_tasks(ids, since, until), *_noted(ids, since, until)]
    columns = {**time_shares.SCHEMA, "_is_review": pl.Boolean, "_begun": pl.Date}
    del columns["work"]
    rows = pl.DataFrame(told, schema=columns, orient="row")
    accounts = rows["account_id"].drop_nulls().unique().to_list()
    changes = BandChange.objects.filter(account__in=accounts).values_list(
        "account_id", "as_of", "from_band", "to_band"
    )
    standing = Line.objects.filter(account__in=accounts).values_list("account_id", "band")
    banded = time_shares.banded(
        rows,
        _frame(changes, account_id=pl.Int64, as_of=pl.Date, from_band=pl.String, to_band=pl.String),
        _frame(standing, account_id=pl.Int64, band=pl.String),
    )
    is_new = pl.col("day") < pl.col("_begun").dt.offset_by(f"{ONBOARDING_DAYS}d")
    work = (
        pl.when(pl.col("account_id").is_null() | pl.col("_is_review"))
        .then(pl.lit("internal"))
        .when(is_new)
        .then(pl.lit("onboarding"))
        .otherwise(pl.col("band").fill_null("unknown"))
    )
    return banded.with_columns(work=work).select(*time_shares.SCHEMA)


def view(*, entry_id: int, seen_by: Scope) -> EntryView:
    """One of the asker's own entries."""
    return _view(find(entry_id=entry_id, seen_by=seen_by))


def entries(*, seen_by: Scope, limit: int = 50) -> tuple[EntryView, ...]:
    """What the asker noted by hand, the latest day first. One query."""
    rows = TimeEntry.objects.filter(user=seen_by.user_id or 0, removed_at=None).select_related("account")
    return tuple(_view(row) for row in rows.order_by("-day", "-pk")[:limit])


def find(*, entry_id: int, seen_by: Scope) -> TimeEntry:
    """The asker's own entry, also one that was taken away."""
    row = TimeEntry.objects.filter(pk=entry_id, user=seen_by.user_id or 0).first()
    if row is None:
        raise NotFound("You have no time entry %(number)s.", number=entry_id)
    return row


def _view(row: TimeEntry) -> EntryView:
    key, name = ("", "") if row.account is None else (row.account.key, row.account.name)
    return EntryView(row.pk, row.day, row.minutes, row.activity, key, name, row.note)


def _people(of: Whose, seen_by: Scope) -> Collection[int]:
    """Whose time it is, as far as the asker may see them."""
    if of.owner_ids is None:
        return set(User.objects.values_list("pk", flat=True))
    return of.owner_ids if seen_by.everything else of.owner_ids & seen_by.owner_ids


_Row = tuple[Any, ...]


def _conversations(ids: Collection[int], since: date, until: date) -> Iterator[_Row]:
    span = (start_of(since), end_of(until))
    held = Touchpoint.objects.filter(
        Q(account__ownership__until=None) | Q(account__ownership__until__gt=F("held_at__date")),
        held_at__gte=span[0],
        held_at__lt=span[1],
        declined=False,
        account__ownership__role="csm",
        account__ownership__user__in=ids,
        account__ownership__since__lte=F("held_at__date"),
    )
    columns = ("account__ownership__user", "account_id", "held_at__date", "minutes", "kind", "initiative")
    for user, account, day, minutes, kind, initiative, begun in held.values_list(*columns, "account__since"):
        usual = USUAL.get(kind, A_CALL)
        length = round(usual if minutes is None else minutes)
        if length:
            about = ("customer", initiative, kind == REVIEW, begun)
            yield (user, account, day, length, minutes is None, *about)


def _tasks(ids: Collection[int], since: date, until: date) -> Iterator[_Row]:
    """Work that is done at the desk; what an incident brought came from outside."""
    done = TaskCompletion.objects.filter(by__in=ids, at__gte=start_of(since), at__lt=end_of(until))
    columns = ("by_id", "task__account_id", "at__date", "task__incident_id", "task__account__since")
    for user, account, day, incident, begun in done.values_list(*columns):
        initiative = "proactive" if incident is None else "reactive"
        yield (user, account, day, A_TASK, True, "internal", initiative, False, begun)


def _noted(ids: Collection[int], since: date, until: date) -> Iterator[_Row]:
    rows = TimeEntry.objects.filter(user__in=ids, removed_at=None, day__gte=since, day__lte=until)
    columns = ("user_id", "account_id", "day", "minutes", "activity", "account__since")
    for user, account, day, minutes, activity, begun in rows.values_list(*columns):
        initiative = "reactive" if activity == "support" else "proactive"
        yield (user, account, day, minutes, False, SIDE_OF[activity], initiative, False, begun)


def _frame(rows: Any, **columns: Any) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=columns, orient="row")
