"""What rules noticed: of whom they hold, since when and why, and what is over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from keepwell.access.scopes import Scope
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.kernel.money import Money
from keepwell.ledger.queries import accounts
from keepwell.signals import models

ORDERS = ("latest", "arr")
STATES = {"holding": speech.later("Holds"), "over": speech.later("Over"), "all": speech.later("All")}


@dataclass(frozen=True)
class FiringView:
    """A rule held for an account; `snoozed_until` None: nobody put it off. `stood` says that it held before the rule did."""

    id: int
    rule: str
    title: str
    severity: str
    sentence: str
    account_id: int
    account_key: str
    account_name: str
    arr: Money | None
    at: datetime
    ended_at: datetime | None
    stood: bool
    because: tuple[str, ...]
    ended_because: tuple[str, ...]
    seen: dict[str, Any]
    snoozed_until: datetime | None


def of_rule(
    *,
    slug: str,
    seen_by: Scope,
    now: datetime,
    state: str = "all",
    order: str = "latest",
    before: int | None = None,
    limit: int = 100,
) -> tuple[FiringView, ...]:
    """The firings of a rule, the latest first, from the one before `before` on; or by the ARR of their accounts, the largest
    first. Two queries.
    """
    if order not in ORDERS:
        raise Invalid(
            '"%(order)s" is no order. Use one of %(listed)s.', order=order, listed=", ".join(ORDERS)
        )
    if state not in STATES:
        raise Invalid(
            '"%(state)s" is no state. Use one of %(listed)s.', state=state, listed=", ".join(STATES)
        )
    rows = _shown(seen_by).filter(rule__slug=slug)
    if state != "all":
        rows = rows.filter(ended_at__isnull=state == "holding")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    by = ["-pk"] if order == "latest" else [F("account__line__arr").desc(nulls_last=True), "-pk"]
    return _views(rows.order_by(*by)[:limit], now)


def of_account(*, account_id: int, seen_by: Scope, now: datetime, limit: int = 100) -> tuple[FiringView, ...]:
    """The signals of an account: what holds first, the gravest before the others; then what is over. Two queries."""
    rows = _shown(seen_by).filter(account=account_id)
    found = _views(rows.order_by("-ended_at", "-at", "-pk")[:limit], now)
    return tuple(sorted(found, key=lambda one: (one.ended_at is not None, _GRAVE.get(one.severity, 9))))


def find(*, firing_id: int, seen_by: Scope, now: datetime) -> FiringView:
    """One signal; what one may not see does not exist. Two queries."""
    found = _views(_shown(seen_by).filter(pk=firing_id), now)
    if not found:
        raise NotFound("There is no signal %(firing_id)s.", firing_id=firing_id)
    return found[0]


def open_of(*, rule_id: int, account_id: int, seen_by: Scope, now: datetime) -> tuple[FiringView, ...]:
    """What a rule says of an account now: one signal, or none. Two queries, one where there is none."""
    return _views(_shown(seen_by).filter(rule=rule_id, account=account_id, ended_at=None), now)


_GRAVE = {"critical": 0, "high": 1, "medium": 2, "low": 3}


def _shown(seen_by: Scope) -> "QuerySet[models.Firing]":
    rows = models.Firing.objects.select_related("rule", "version", "account")
    return rows if seen_by.everything else rows.filter(account__in=accounts.visible(seen_by=seen_by))


def _views(rows: Iterable[models.Firing], now: datetime) -> tuple[FiringView, ...]:
    found = list(rows)
    pairs = {(row.rule_id, row.account_id) for row in found if row.ended_at is None}
    put_off = models.Snooze.objects.filter(
        rule__in={rule for rule, _ in pairs},
        account__in={account for _, account in pairs},
        ended_at=None,
        until__gt=now,
    )
    until = {(row.rule_id, row.account_id): row.until for row in put_off} if pairs else {}
    return tuple(
        _view(row, until.get((row.rule_id, row.account_id)) if row.ended_at is None else None)
        for row in found
    )


def _view(row: models.Firing, snoozed_until: datetime | None) -> FiringView:
    return FiringView(
        row.pk,
        row.rule.slug,
        row.rule.title,
        row.version.definition["severity"],
        row.sentence,
        row.account_id,
        row.account.key,
        row.account.name,
        accounts.arr_reporting(row.account),
        row.at,
        row.ended_at,
        row.stood,
        tuple(row.because),
        tuple(row.ended_because),
        row.evidence.get("seen", {}),
        snoozed_until,
    )
