"""Reads of autopsies: one, the list, and what they teach together."""

from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

from django.db.models import QuerySet

from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.kernel.money import Money
from keepwell.ledger.queries import accounts
from keepwell.plays import models

MOST = 500


@dataclass(frozen=True)
class AutopsyView:
    """One departure looked back on; `findings` as `formulas.autopsy.findings` gives them."""

    id: int
    account_key: str
    account_name: str
    left_on: date
    written_at: datetime
    arr: Money | None
    signalled: bool
    responded: bool
    lead_days: int | None
    missed: str
    findings: dict[str, Any]


@dataclass(frozen=True)
class Lessons:
    """What several autopsies teach: of how many a signal came before, somebody responded, and the usual lead in days.

    `fired`, `delivered`, `answered` and `put_aside` count alarms, of the autopsies that counted them.
    """

    count: int
    signalled: int
    responded: int
    in_time: int
    median_lead_days: float | None
    missed: dict[str, int]
    fired: int
    delivered: int
    answered: int
    put_aside: int


def everything(*, seen_by: Scope, limit: int = MOST) -> tuple[AutopsyView, ...]:
    """Those that one may see, the latest departure first. One query."""
    return tuple(_view(row) for row in _visible(seen_by).order_by("-left_on", "-pk")[:limit])


def find(*, autopsy_id: int, seen_by: Scope) -> AutopsyView:
    """One; what one may not see does not exist."""
    row = _visible(seen_by).filter(pk=autopsy_id).first()
    if row is None:
        raise errors.NotFound("There is no autopsy %(autopsy)s.", autopsy=autopsy_id)
    return _view(row)


def lessons(found: tuple[AutopsyView, ...]) -> Lessons:
    """What they teach together."""
    leads = [one.lead_days for one in found if one.lead_days is not None]
    missed: dict[str, int] = {}
    for one in found:
        missed[one.missed] = missed.get(one.missed, 0) + 1
    return Lessons(
        count=len(found),
        signalled=sum(one.signalled for one in found),
        responded=sum(one.responded for one in found),
        in_time=missed.get("none", 0),
        median_lead_days=median(leads) if leads else None,
        missed=missed,
        **{
            what: sum(one.findings["alarms"][what] for one in found if "alarms" in one.findings)
            for what in ("fired", "delivered", "answered", "put_aside")
        },
    )


def _visible(seen_by: Scope) -> "QuerySet[models.Autopsy]":
    return models.Autopsy.objects.filter(account__in=accounts.visible(seen_by=seen_by)).select_related(
        "account"
    )


def _view(row: models.Autopsy) -> AutopsyView:
    return AutopsyView(
        row.pk,
        row.account.key,
        row.account.name,
        row.left_on,
        row.written_at,
        None if row.arr is None else Money(row.arr, row.currency),
        row.signalled,
        row.responded,
        row.lead_days,
        row.findings["missed"],
        row.findings,
    )
