"""Reads of what is missing, out of date or contradictory in what is known of accounts."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, QuerySet

from keepwell.access.scopes import Scope
from keepwell.intake import checks, models
from keepwell.intake.checks import Check
from keepwell.kernel import errors
from keepwell.ledger.queries import accounts

AT_ONCE = 2000
_SEVERITIES = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True)
class FindingView:
    """A check that an account fails, since when Keepwell saw it, and the particulars."""

    account: str
    account_name: str
    check: Check
    detail: str
    found_at: datetime


@dataclass(frozen=True)
class CheckCount:
    """How many accounts fail a check."""

    check: Check
    accounts: int


@dataclass(frozen=True)
class FindingsPage:
    """Some of the accounts that fail a check; `total` counts all."""

    check: Check
    rows: tuple[FindingView, ...]
    total: int


def refreshed_at() -> datetime | None:
    """When the worker last looked; None before it ever did. One query."""
    return models.QualityMark.objects.values_list("refreshed_at", flat=True).first()


def last_use(*, account_id: int, seen_by: Scope) -> datetime | None:
    """When an account last used the product, as far as was looked; None where nothing tells of it. One query."""
    mine = accounts.visible(seen_by=seen_by)
    rows = models.AccountUse.objects.filter(account=account_id, account__in=mine)
    last: datetime | None = rows.aggregate(last=Max("last_at"))["last"]
    return last


def counts(*, seen_by: Scope) -> tuple[CheckCount, ...]:
    """Every check with the number of accounts that fail it, the gravest and most frequent first. One query."""
    rows = _visible(seen_by).values_list("check_slug").annotate(n=Count("pk"))
    found = dict(rows.order_by())
    counted = (CheckCount(check, found.get(check.slug, 0)) for check in checks.CHECKS.values())
    return tuple(sorted(counted, key=lambda row: (_SEVERITIES[row.check.severity], -row.accounts)))


def of_account(*, account_id: int, seen_by: Scope) -> tuple[FindingView, ...]:
    """What an account fails, the gravest first. One query."""
    rows = _visible(seen_by).filter(account=account_id).select_related("account")
    return tuple(
        sorted(map(_view, rows), key=lambda view: (_SEVERITIES[view.check.severity], view.check.slug))
    )


def failing(*, slug: str, seen_by: Scope, offset: int = 0, limit: int = 100) -> FindingsPage:
    """The accounts that fail a check, those with the highest ARR first. Two queries."""
    if slug not in checks.CHECKS:
        raise errors.NotFound('There is no check "%(slug)s".', slug=slug)
    rows = _visible(seen_by).filter(check_slug=slug)
    ordered = rows.select_related("account").order_by(
        F("account__arr_reporting").desc(nulls_last=True), "account__name", "account__key"
    )
    found = tuple(_view(row) for row in ordered[offset : offset + limit])
    return FindingsPage(checks.CHECKS[slug], found, rows.count())


def page(
    *,
    seen_by: Scope,
    slugs: Collection[str] | None = None,
    after: tuple[str, str] = ("", ""),
    limit: int = 1000,
) -> tuple[FindingView, ...]:
    """Findings by account's key and check, from the ones after (key, check) on. One query."""
    rows = _visible(seen_by).select_related("account").order_by("account__key", "check_slug")
    if slugs is not None:
        rows = rows.filter(check_slug__in=slugs)
    key, slug = after
    rows = rows.filter(account__key__gte=key).exclude(account__key=key, check_slug__lte=slug)
    return tuple(_view(row) for row in rows[:limit])


def every(*, seen_by: Scope) -> Iterator[FindingView]:
    """All findings by account and check, some at a time: one query for two thousand."""
    after = ("", "")
    while rows := page(seen_by=seen_by, after=after, limit=AT_ONCE):
        yield from rows
        after = (rows[-1].account, rows[-1].check.slug)


def _visible(seen_by: Scope) -> "QuerySet[models.Finding]":
    rows = models.Finding.objects.filter(check_slug__in=list(checks.CHECKS))
    return rows if seen_by.everything else rows.filter(account__in=accounts.visible(seen_by=seen_by))


def _view(row: models.Finding) -> FindingView:
    return FindingView(
        row.account.key, row.account.name, checks.CHECKS[row.check_slug], row.detail, row.found_at
    )
