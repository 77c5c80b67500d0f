"""Dry runs as people see them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import NotFound
from keepwell.ledger.queries import accounts
from keepwell.plays import models


@dataclass(frozen=True)
class DryRunView:
    """What a playbook would have done for an account from a day on; `found` is None until it is done."""

    id: int
    playbook: str
    title: str
    account: str
    name: str
    since: date
    asked_at: datetime
    state: str
    error: str
    found: dict[str, Any] | None


def find(*, dry_run_id: int, seen_by: Scope) -> DryRunView:
    """One of them. One query."""
    rows = models.DryRun.objects.filter(account__in=accounts.visible(seen_by=seen_by))
    row = rows.select_related("playbook", "account").filter(pk=dry_run_id).first()
    if row is None:
        raise NotFound("There is no dry run %(dry_run_id)s.", dry_run_id=dry_run_id)
    return _view(row)


def of_playbook(*, slug: str, seen_by: Scope, limit: int = 5) -> tuple[DryRunView, ...]:
    """The latest of a playbook. One query."""
    rows = models.DryRun.objects.filter(
        playbook__slug=slug, account__in=accounts.visible(seen_by=seen_by)
    ).select_related("playbook", "account")
    return tuple(map(_view, rows.order_by("-pk")[:limit]))


def unfinished() -> tuple[int, ...]:
    """Those that wait or were cut off. One query."""
    return tuple(models.DryRun.objects.filter(state__in=("queued", "running")).values_list("pk", flat=True))


def _view(row: models.DryRun) -> DryRunView:
    return DryRunView(
        row.pk,
        row.playbook.slug,
        row.playbook.title,
        row.account.key,
        row.account.name,
        row.since,
        row.asked_at,
        row.state,
        row.error,
        row.found,
    )
