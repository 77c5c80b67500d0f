"""The alert budget: what each rule's alarms were worth over the last year, as it was counted last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from keepwell.access.scopes import Scope
from keepwell.kernel.moments import DAY, day_of
from keepwell.kernel.money import Money
from keepwell.ledger.models import Account, Contract
from keepwell.metrics.departures import GRACE_DAYS
from keepwell.metrics.queries import departures
from keepwell.plays import models
from keepwell.plays.formulas import budgets as formulas
from keepwell.plays.formulas.budgets import Answers, Asked
from keepwell.signals.models import Firing, Rule
from keepwell.signals.queries import rehearsing, replaying

HORIZON_DAYS = 90
LOOK_BACK = timedelta(days=formulas.YEAR_DAYS)
LATELY = timedelta(days=28)


@dataclass(frozen=True)
class BudgetView:
    """A rule with what its alarms were worth; `figures` is null until it was counted. `retire` says why it should rest."""

    slug: str
    title: str
    severity: str
    foretells: str
    owner: str
    active: bool
    counted_at: datetime | None
    figures: dict[str, Any] | None
    renewed: Money | None
    retire: tuple[str, ...]


def everything(*, seen_by: Scope) -> tuple[BudgetView, ...]:
    """All rules that watch, those that should rest first, then by alarms. They speak of the whole company. Two queries."""
    if not seen_by.everything:
        return ()
    rules = Rule.objects.filter(active=True, published__isnull=False).select_related("published")
    counted = {row.rule_id: row for row in models.AlertBudget.objects.all()}
    found = [_view(rule, counted.get(rule.pk)) for rule in rules]
    return tuple(sorted(found, key=lambda one: (not one.retire, -_alarms(one), one.title)))


def _alarms(view: BudgetView) -> int:
    return -1 if view.figures is None else int(view.figures["alarms"])


def _view(rule: Rule, row: models.AlertBudget | None) -> BudgetView:
    assert rule.published is not None
    said, figures = rule.published.definition, None if row is None else row.figures
    money = None
    if figures is not None and figures["renewed_arr"] is not None:
        money = Money(Decimal(figures["renewed_arr"]), figures["currency"])
    return BudgetView(
        rule.slug,
        rule.title,
        said["severity"],
        said["foretells"],
        said["owner"],
        rule.active,
        None if row is None else row.at,
        figures,
        money,
        () if figures is None else tuple(formulas.REASONS[slug] for slug in figures["retire"]),
    )


def uncounted() -> bool:
    """Whether a rule that watches was never counted. One query."""
    counted = models.AlertBudget.objects.filter(rule=OuterRef("pk"))
    return Rule.objects.filter(~Exists(counted), active=True, published__isnull=False).exists()


def counted(*, at: datetime) -> dict[int, dict[str, Any]]:
    """The figures of every rule that watches, by its key. A few scans of the facts, whatever the number of rules."""
    rules = list(Rule.objects.filter(active=True, published__isnull=False).select_related("published"))
    alarms, today = _alarmed(at), day_of(at)
    last = departures.reach(until=today)
    departure = departures.declared()
    asked = Asked(
        until=last,
        settled_on=last - DAY * departure.settled_after_days,
        horizon_days=HORIZON_DAYS,
        customers=Account.objects.filter(merged_into=None, former=False).count(),
    )
    came = {
        "churn": rehearsing.left(departure, last),
        "expansion": replaying.expansions(grid=replaying.weeks_back(until=last, since=None, step_days=7)),
        "nothing": rehearsing.NOBODY,
    }
    renewed = _renewed(alarms["account_id"].unique().to_list(), today)
    answers, lately, csms = _answers(at), _lately(at), rehearsing.csms()
    found = {}
    for rule in rules:
        assert rule.published is not None
        own, outcomes = alarms.filter(pl.col("rule") == rule.pk), came[rule.published.definition["foretells"]]
        told = formulas.figures(own, outcomes, answers.get(rule.pk, Answers()), asked)
        a_week = lately.get(rule.pk, 0) / (LATELY.days / 7)
        told["a_week_per_csm"] = a_week / csms if csms else None
        found[rule.pk] = told | _money(formulas.renewed_after(own, renewed))
    return found


def _alarmed(at: datetime) -> pl.DataFrame:
    """What fired within the last year: rule, account_id, as_of. One query."""
    rows = Firing.objects.filter(stood=False, at__gt=at - LOOK_BACK).values_list("rule", "account", "at")
    return pl.DataFrame(
        [(rule, account, day_of(moment)) for rule, account, moment in rows],
        schema={"rule": pl.Int64, "account_id": pl.Int64, "as_of": pl.Date},
        orient="row",
    )


def _answers(at: datetime) -> dict[int, Answers]:
    """What became of each rule's signals of the last year. Four queries."""
    fired = Firing.objects.filter(stood=False, at__gt=at - LOOK_BACK)
    stands = models.Response.objects.filter(firing=OuterRef("pk"), taken_back_at=None)
    worked = models.Task.objects.filter(incident__firing=OuterRef("pk"), completion__isnull=False)
    closed = models.Incident.objects.filter(firing=OuterRef("pk"), open=False)
    told = fired.filter(Exists(models.Delivery.objects.filter(firing=OuterRef("pk"), state="delivered")))
    acted = Q(Exists(stands.filter(kind="acted"))) | Q(Exists(worked)) | Q(Exists(closed))
    asked = {
        "told": told,
        "answered": told.filter(Q(Exists(stands.exclude(kind="snoozed"))) | acted),
        "acted": told.filter(acted),
        "not_useful": told.filter(Exists(stands.filter(kind="not_useful"))),
    }
    found: dict[int, dict[str, int]] = {}
    for name, rows in asked.items():
        for rule, count in _by_rule(rows).items():
            found.setdefault(rule, {})[name] = count
    return {rule: Answers(**said) for rule, said in found.items()}


def _lately(at: datetime) -> dict[int, int]:
    return _by_rule(Firing.objects.filter(stood=False, at__gt=at - LATELY))


def _by_rule(rows: "QuerySet[Firing]") -> dict[int, int]:
    return dict(rows.order_by().values_list("rule").annotate(count=Count("pk")))


def _renewed(accounts: list[int], until: date) -> Mapping[int, date]:
    """When these accounts last renewed. One query."""
    rows = Contract.objects.filter(account__in=accounts).values_list("account", "start_date", "end_date")
    return formulas.renewals(list(rows), until=until, grace_days=GRACE_DAYS)


def _money(accounts: list[int]) -> dict[str, Any]:
    """How many these are, and what they bring a year in the currency of reports. Two queries."""
    rows = Account.objects.filter(pk__in=accounts, arr_reporting__isnull=False)
    total = rows.aggregate(total=Sum("arr_reporting"))["total"]
    currency = rows.values_list("reporting_currency", flat=True).first()
    return {
        "renewed": len(accounts),
        "renewed_arr": None if total is None else str(total),
        "currency": currency or "",
    }
