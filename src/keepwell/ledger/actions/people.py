"""Deeds on the customer's people."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel import errors, speech
from keepwell.ledger import models
from keepwell.ledger.actions import placements, stakeholders
from keepwell.ledger.actions.keeping_out import keeps_out
from keepwell.ledger.actions.upserts import Row, Verdict, put
from keepwell.ledger.queries import accounts, identity

PERSON = ("key", "name", "email", "fields")


@keeps_out("key", "email", "reports_to")
def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update people by `key`; with `account` also what they are to that account (see `stakeholders.place`).

    A row whose account is not known is refused. That a person belongs to an account is known from now on, or ever if the
    source vouches for it. Some twenty queries for any number of rows.
    """
    with transaction.atomic():
        known = identity.resolve(row["account"] for row in rows if row.get("account"))
        refused = {
            i: _refusal(row["account"])
            for i, row in enumerate(rows)
            if row.get("account") and row["account"] not in known
        }
        good = {i: row for i, row in enumerate(rows) if i not in refused}
        told = [_only(row, PERSON) for row in good.values()]
        verdicts, _ = put(models.Person, told, source=source, says=lambda _: [])
        placed = stakeholders.place(
            rows=list(good.values()), known=known, source=source, at=at, vouched=vouched
        )
        placements.by_domain(
            keys=[row["key"] for row in good.values() if row.get("email") and not row.get("account")],
            source=source,
            at=at,
        )
        changed = sum(v.outcome != "unchanged" for v in verdicts)
        if changed or placed.changed:
            count = max(changed, len(placed.changed))
            audit.record(by=by, at=at, deed="person.upsert", subject=f"source:{source}", rows=count)
    for place, (i, verdict) in enumerate(zip(good, verdicts, strict=True)):
        if place in placed.refused:
            refused[i] = Verdict("rejected", placed.refused[place])
        elif verdict.outcome == "unchanged" and place in placed.changed:
            refused[i] = Verdict("updated")
        else:
            refused[i] = verdict
    return [refused[i] for i in range(len(rows))]


def move(*, person: str, source: str, target: str, on: date, by: Scope, at: datetime) -> None:
    """A person leaves one account for another on a day; the history of both stays."""
    by.require("work.do")
    both = accounts.visible(seen_by=by).filter(key__in=[source, target]).values_list("key", flat=True)
    for key in (source, target):
        if key not in set(both):
            raise errors.NotFound('There is no account "%(key)s".', key=key)
    stakes = models.Stakeholder.objects.filter(account__key=source, person__key=person)
    if source == target or not stakes.exclude(status="left").exists():
        raise errors.Invalid(
            '"%(person)s" does not belong to "%(source)s" now, or goes to the same account.',
            person=person,
            source=source,
        )
    rows = [
        {"key": person, "account": source, "status": "left", "status_since": on},
        {"key": person, "account": target, "status": "active", "since": on, "status_since": on},
    ]
    upsert(rows=rows, source="keepwell", by=by, at=at, vouched=False)


def _only(row: Row, names: Sequence[str]) -> dict[str, Any]:
    return {name: row[name] for name in names if name in row}


def _refusal(account: str) -> Verdict:
    return Verdict(
        "rejected",
        speech.english(
            'account "%(account)s" is not known. Import accounts first, then this row again.', account=account
        ),
    )
