"""Deeds on accounts."""

import json
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Min, Q, Sum

from keepwell.access.actions import audit
from keepwell.access.models import User
from keepwell.access.scopes import Scope
from keepwell.kernel.moments import start_of
from keepwell.ledger import models
from keepwell.ledger.actions import events
from keepwell.ledger.actions.upserts import Change, Row, Said, Verdict, put, tell
from keepwell.ledger.event import Event


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update accounts by `key` (name, industry, country, tier, phase, since, tags, fields).

    A new account claims its key, so that earlier events that name it begin to count. Six queries for any number of rows.
    """
    with transaction.atomic():
        named = [{k: v for k, v in row.items() if k != "name" or v} for row in rows]
        verdicts, changes = put(
            models.Account,
            named,
            source=source,
            says=lambda account: _says(account, at),
            starts_as=lambda row: {"name": row["key"]},
        )
        created = [change.row for change in changes if change.created]
        _link(created, at)
        tell(changes, account_key=lambda account: account.key, source=source, at=at, vouched=vouched)
        if changes:
            audit.record(by=by, at=at, deed="account.upsert", subject=f"source:{source}", **_counts(changes))
    return verdicts


def _says(account: models.Account, at: datetime) -> list[Said]:
    born = start_of(account.since) if account.since else at
    if not account.since and "account.created" in account.event_ids:
        return []
    return [Said("account.created", born, props=json.dumps({"since": str(account.since or "")}))]


def _link(created: Sequence[models.Account], at: datetime) -> None:
    keyed = models.Account.objects.in_bulk([account.key for account in created], field_name="key")
    models.IdentityLink.objects.bulk_create(
        [models.IdentityLink(key=key, account=account, linked_at=at) for key, account in keyed.items()],
        ignore_conflicts=True,
    )


def _counts(changes: Sequence[Change]) -> dict[str, int]:
    created = sum(change.created for change in changes)
    return {"created": created, "updated": len(changes) - created}


def assign(*, account: models.Account, user: User, role: str, by: Scope, at: datetime) -> None:
    """Make a person the account's owner in a role from today on; whoever was it before keeps the history."""
    by.require("accounts.assign")
    today = at.date()
    with transaction.atomic():
        current = models.Ownership.objects.filter(account=account, role=role, until=None)
        if current.filter(user=user).exists():
            return
        current.update(until=today)
        models.Ownership.objects.create(account=account, user=user, role=role, since=today)
        audit.record(
            by=by, at=at, deed="account.assign", subject=f"account:{account.key}", role=role, user=user.email
        )


def restate(*, on: date, account_ids: Sequence[int] | None = None) -> None:
    """Restate ARR and renewal date from the contracts that are active on a day. Two queries.

    An account whose active contracts are in several currencies has no one ARR: the amount stays empty.
    """
    active = models.Contract.objects.filter(Q(end_date=None) | Q(end_date__gt=on), start_date__lte=on)
    accounts = models.Account.objects.all()
    if account_ids is not None:
        active, accounts = active.filter(account__in=account_ids), accounts.filter(pk__in=account_ids)
    figures = {
        row["account"]: row
        for row in active.values("account").annotate(
            arr_sum=Sum("arr"), renewal=Min("end_date"), one=Min("currency"), other=Max("currency")
        )
    }
    changed = []
    for account in accounts.only("pk", "arr_amount", "arr_currency", "renewal_date").iterator(
        chunk_size=5000
    ):
        row = figures.get(account.pk, {"arr_sum": None, "renewal": None, "one": "", "other": ""})
        single = row["one"] == row["other"]
        new = (row["arr_sum"] if single else None, row["one"] if single else "", row["renewal"])
        if new != (account.arr_amount, account.arr_currency, account.renewal_date):
            account.arr_amount, account.renewal_date = new[0], new[2]
            account.arr_currency = row["one"] if single else ""
            changed.append(account)
    models.Account.objects.bulk_update(
        changed, ["arr_amount", "arr_currency", "renewal_date"], batch_size=1000
    )


def touched(*, last: dict[int, datetime]) -> None:
    """Note the last touchpoint of accounts, if it is later than what was known. One query an account."""
    for account_id, held_at in last.items():
        models.Account.objects.filter(pk=account_id).filter(
            Q(last_touch_at=None) | Q(last_touch_at__lt=held_at)
        ).update(last_touch_at=held_at)


def announce_links(*, account_ids: Sequence[int], source: str, at: datetime, why: str) -> None:
    """Say in the ledger that events of a person began or ceased to count for accounts, so that their numbers follow."""
    keys = models.Account.objects.filter(pk__in=account_ids).values_list("key", flat=True)
    linked = [
        Event(
            id=f"identity:{key}:{why}:{at.isoformat()}",
            account=key,
            name="identity.linked",
            at=at,
            source=source,
        )
        for key in keys
    ]
    events.append(events=linked, received_at=at)
