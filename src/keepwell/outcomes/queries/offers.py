"""What this stage has waiting for a person: plans that are stale, steps that are overdue, indicators past their alarm."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from keepwell.hooks import specs
from keepwell.hooks.waiting import Asker, Offer, Source
from keepwell.kernel import speech
from keepwell.kernel.figures import measured
from keepwell.kernel.moments import day_of, end_of
from keepwell.ledger.queries import accounts
from keepwell.ledger.queries.offers import stake
from keepwell.outcomes import models
from keepwell.outcomes.formulas.judging import STALE_DAYS
from keepwell.outcomes.queries import standing

LAST_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class StalePlans:
    """Agreed plans that nobody went through with the customer for a quarter."""

    slug: str = "plans"
    title: str = speech.later("Success plans")
    sentence: str = speech.later(
        "An agreed success plan that was not confirmed with the customer for 90 days."
    )
    share: float = 0.15
    hours: float = 1.0

    def offers(self, asker: Asker) -> Sequence[Offer]:
        """One query."""
        mine = accounts.visible(seen_by=asker.seen_by, owner_id=asker.owner_id)
        late = asker.now - timedelta(days=STALE_DAYS + 1)
        rows = models.SuccessPlan.objects.filter(
            account__in=mine, account__former=False, confirmed_at__lt=late
        )
        found = rows.select_related("account").order_by("confirmed_at", "pk")[: asker.limit]
        return [self._offer(row, asker) for row in found]

    def _offer(self, row: models.SuccessPlan, asker: Asker) -> Offer:
        assert row.confirmed_at is not None
        days = (asker.now - row.confirmed_at).days
        return Offer(
            key=f"plan:{row.pk}:{row.confirmed_at.date()}",
            what=speech.told("Refresh the success plan"),
            why=speech.told("Confirmed with the customer %(days)s days ago.", days=days),
            deed="plan",
            subject=f"plan:{row.account.key}",
            stake=stake(row.account),
        )


@dataclass(frozen=True)
class PlanSteps:
    """Steps of plans that are overdue, of one's own or of one's accounts."""

    slug: str = "plan-steps"
    title: str = speech.later("Steps of plans")
    sentence: str = speech.later("A milestone or task of a success plan whose day has passed.")
    share: float = 0.15
    hours: float = 0.5

    def offers(self, asker: Asker) -> Sequence[Offer]:
        """One query."""
        mine = accounts.visible(seen_by=asker.seen_by, owner_id=asker.owner_id)
        rows = models.PlanStep.objects.filter(
            plan__account__in=mine, due_date__lt=day_of(asker.now), dropped_at=None, completion=None
        )
        found = rows.select_related("plan__account", "ours", "theirs").order_by("due_date", "pk")
        return [self._offer(row) for row in found[: asker.limit]]

    def _offer(self, row: models.PlanStep) -> Offer:
        assert row.due_date is not None
        owner = row.ours or row.theirs
        who = speech.told("with %(who)s", who=owner) if owner else speech.told("nobody owns it")
        return Offer(
            key=f"plan-step:{row.pk}:{row.due_date}",
            what=row.title,
            why=speech.told("A step of the success plan is overdue, %(who)s.", who=who),
            deed="plan",
            subject=f"plan:{row.plan.account.key}",
            stake=stake(row.plan.account),
            due_at=end_of(row.due_date) - LAST_SECOND,
        )


@dataclass(frozen=True)
class PastTriggers:
    """Indicators of plans that are past their alarm, each by itself."""

    slug: str = "plan-indicators"
    title: str = speech.later("Indicators of plans")
    sentence: str = speech.later("A leading indicator of a success plan that is past its alarm.")
    share: float = 0.25
    hours: float = 1.0

    def offers(self, asker: Asker) -> Sequence[Offer]:
        """Four queries."""
        mine = accounts.visible(seen_by=asker.seen_by, owner_id=asker.owner_id).filter(former=False)
        rows = models.SuccessPlan.objects.filter(account__in=mine).select_related("account")
        plans = {row.account_id: row for row in rows}
        day = day_of(asker.now)
        asked = pl.DataFrame(
            {"account_id": list(plans), "as_of": [day] * len(plans)},
            schema={"account_id": pl.Int64, "as_of": pl.Date},
        )
        told = standing.past_trigger(asked)
        if told.is_empty():
            return []
        over = told.filter(pl.col("past")).sort("account_id", "indicator")
        return [
            self._offer(row, plans[row["account_id"]]) for row in over.head(asker.limit).iter_rows(named=True)
        ]

    def _offer(self, row: dict[str, object], plan: models.SuccessPlan) -> Offer:
        value, trigger = row["value"], row["trigger"]
        assert isinstance(value, float)
        assert isinstance(trigger, float)
        return Offer(
            key=f"plan-indicator:{row['indicator']}:{trigger:g}",
            what=str(row["title"]),
            why=speech.told(
                "It stands at %(value)s; the success plan alarms at %(trigger)s.",
                value=measured(value, ""),
                trigger=measured(trigger, ""),
            ),
            deed="plan",
            subject=f"plan:{plan.account.key}",
            stake=stake(plan.account),
        )


@specs.impl
def waiting() -> Sequence[Source]:
    """Its sources of Today."""
    return (StalePlans(), PastTriggers(), PlanSteps())
