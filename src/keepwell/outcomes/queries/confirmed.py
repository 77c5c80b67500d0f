"""What customers confirmed of their value lately, of many accounts at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from keepwell.kernel.money import Money
from keepwell.ledger.queries import rates
from keepwell.outcomes import models
from keepwell.outcomes.queries import value, value_sums
from keepwell.outcomes.queries.value import StatementView

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Confirmed:
    """When somebody of the account confirmed a value last, and what all those of the year likely come to in the reporting
    currency; no sum where none is money, or a currency has no rate.
    """

    on: date
    sum: Money | None


def within_year(
    *, account_ids: Collection[int], day: date, known_by: datetime | None = None
) -> dict[int, Confirmed]:
    """By account, of those that confirmed any within the year before a day. One query, or four."""
    rows = models.ValueConfirmation.objects.filter(
        statement__model__plan__account__in=account_ids, on__lte=day, on__gt=day - YEAR
    )
    if known_by is not None:
        rows = rows.filter(at__lt=known_by)
    latest: dict[int, date] = {}
    counted: dict[int, dict[tuple[int, date], StatementView]] = {}
    for row in rows.select_related("statement__model__plan", "statement__by", "by").order_by(
        "statement__number"
    ):
        account = row.statement.model.plan.account_id
        latest[account] = max(row.on, latest.get(account, row.on))
        view = value.statement_view(row.statement, row)
        counted.setdefault(account, {})[row.statement.model_id, row.statement.since] = view
    if not latest:
        return {}
    known = _prices([one for each in counted.values() for one in each.values()], day)
    return {pk: Confirmed(on, _sum(list(counted[pk].values()), known, day)) for pk, on in latest.items()}


def _prices(told: Collection[StatementView], day: date) -> value_sums.Prices:
    into = rates.reporting()
    ends = {min(one.quarter.until, day) for one in told}
    return value_sums.Prices(into, rates.on_days(ends, into=into) if into else {})


def _sum(told: list[StatementView], known: value_sums.Prices, day: date) -> Money | None:
    whole = value_sums.total(told, known, day).whole
    return None if whole is None else Money(round(Decimal(whole.likely), 2), known.into)
