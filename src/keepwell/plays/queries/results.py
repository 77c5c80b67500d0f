"""What came while runs of a playbook went: how far their steps got, and how ARR moved. No effect is claimed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, QuerySet

from keepwell.access.scopes import Scope
from keepwell.health.formulas.proving.shares import Share, wilson
from keepwell.kernel.moments import day_of, start_of
from keepwell.kernel.money import Money
from keepwell.ledger.queries import accounts, movements, rates
from keepwell.ledger.queries.movements import MovementView
from keepwell.plays import models
from keepwell.plays.queries import playbooks
from keepwell.plays.queries.playbooks import PlaybookView

DAY = timedelta(days=1)


@dataclass(frozen=True)
class StepCount:
    """What became of one step over all runs; `outcomes` are how it ended where it was done, by how often."""

    slug: str
    title: str
    done: int
    outcomes: tuple[tuple[str, int], ...]
    going: int
    skipped: int
    failed: int


@dataclass(frozen=True)
class Went:
    """One run, and by how much the account's ARR moved from the day on which it began to that on which it ended.

    `moved` is in the reporting currency; None where one of its currencies has no rate.
    """

    run: int
    account_key: str
    account_name: str
    started_at: datetime
    ended_at: datetime | None
    how: str
    moved: Money | None


@dataclass(frozen=True)
class Results:
    """The runs that began since a day and were not cancelled. `grown` and `shrunk` are sums over accounts; None: no rate."""

    playbook: PlaybookView
    since: date | None
    runs: tuple[Went, ...]
    ended: int
    reached: int
    cancelled: int
    steps: tuple[StepCount, ...]
    grew: int
    shrank: int
    unrated: int
    grown: Money | None
    shrunk: Money | None

    @property
    def share(self) -> Share | None:
        """How many of the ended reached the goal, with the interval; None without a goal or before any ended."""
        if not self.playbook.has_goal or not self.ended:
            return None
        share = self.reached / self.ended
        return Share(share, *wilson(share, self.ended), self.ended, self.ended)


def find(*, slug: str, since: date | None, seen_by: Scope, at: datetime) -> Results:
    """Of the accounts that the asker may see. A dozen queries at most, and one read of these accounts' contracts."""
    playbook = playbooks.find(slug=slug, seen_by=seen_by)
    rows = models.Run.objects.filter(playbook__slug=slug, account__in=accounts.visible(seen_by=seen_by))
    if since is not None:
        rows = rows.filter(started_at__gte=start_of(since))
    kept = rows.exclude(ending__how="cancelled")
    went = _went(kept, seen_by, at)
    moved = [one.moved for one in went if one.moved is not None]
    into = rates.reporting()
    return Results(
        playbook=playbook,
        since=since,
        runs=went,
        ended=sum(one.ended_at is not None for one in went),
        reached=sum(one.how == "reached" for one in went),
        cancelled=rows.filter(ending__how="cancelled").count(),
        steps=_steps(kept, playbook),
        grew=sum(one.amount > 0 for one in moved),
        shrank=sum(one.amount < 0 for one in moved),
        unrated=len(went) - len(moved),
        grown=_sum([one for one in moved if one.amount > 0], into),
        shrunk=_sum([one for one in moved if one.amount < 0], into),
    )


def _sum(amounts: Sequence[Money], into: str) -> Money | None:
    return Money(sum((one.amount for one in amounts), Decimal(0)), into) if into else None


def _went(rows: "QuerySet[models.Run]", seen_by: Scope, at: datetime) -> tuple[Went, ...]:
    found = list(
        rows.order_by("-pk").values_list(
            "pk", "account__key", "account__name", "started_at", "ending__at", "ending__how"
        )
    )
    told = _movements({row[1] for row in found}, min((row[3] for row in found), default=at), seen_by, at)
    said = rates.on(day_of(at), into=rates.reporting())
    return tuple(
        Went(
            run,
            key,
            name or key,
            started,
            ended,
            how or "",
            said.total(
                one.amount
                for one in told.get(key, ())
                if day_of(started) <= one.day <= day_of(at if ended is None else ended)
            ),
        )
        for run, key, name, started, ended, how in found
    )


def _movements(
    keys: set[str], since: datetime, seen_by: Scope, at: datetime
) -> Mapping[str, list[MovementView]]:
    found: dict[str, list[MovementView]] = {}
    if keys:
        for one in movements.of_book(seen_by=seen_by, since=day_of(since), until=day_of(at) + DAY, only=keys):
            found.setdefault(one.account, []).append(one)
    return found


def _steps(rows: "QuerySet[models.Run]", playbook: PlaybookView) -> tuple[StepCount, ...]:
    """In the order of the steps. One query."""
    titles = {step["slug"]: step["title"] for step in playbook.definition["steps"]}
    counted = models.RunStep.objects.filter(run__in=rows).values("slug", "state", "outcome")
    by_step: dict[str, list[Any]] = {}
    for row in counted.annotate(many=Count("pk"), first=Min("place")).order_by("first", "slug", "outcome"):
        by_step.setdefault(row["slug"], []).append(row)
    return tuple(_count(slug, titles.get(slug, slug), found) for slug, found in by_step.items())


def _count(slug: str, title: str, rows: Sequence[Mapping[str, Any]]) -> StepCount:
    def many(*states: str) -> int:
        return sum(row["many"] for row in rows if row["state"] in states)

    ends = [(row["outcome"], row["many"]) for row in rows if row["state"] == "done" and row["outcome"]]
    return StepCount(slug, title, many("done"), tuple(ends), many("open"), many("skipped"), many("failed"))
