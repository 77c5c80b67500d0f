"""What is known of an account at the moment an incident opens: frozen with it, whatever becomes of the account."""

from datetime import datetime, timedelta
from typing import Any

from keepwell.access.scopes import system
from keepwell.health.models import Standing
from keepwell.health.queries import scores
from keepwell.kernel.money import Money
from keepwell.ledger.models import Account, Ticket, Touchpoint
from keepwell.ledger.queries import contracts, people

EVIDENCE = system(through="evidence")
MOVED_OVER = timedelta(days=28)
MOST_TICKETS, MOST_PEOPLE, MOST_CONTRACTS = 20, 8, 10
WEIGHTY = ("executive", "sponsor", "economic_buyer", "product_owner", "decision_maker")


def standing(account: Account, at: datetime) -> dict[str, Any]:
    """Its health with its parts; nothing where it was never judged. One query."""
    found = Standing.objects.filter(account=account).select_related("score").first()
    if found is None:
        return {}
    return {
        "from": found.band,
        "to": found.band,
        "points": found.points,
        "parts": found.score.parts,
        "at": at.isoformat(),
    }


def beside(account: Account, at: datetime) -> dict[str, Any]:
    """Why its health moved, open tickets, the last touch, contracts, what is at stake, who matters. Seven queries."""
    return {
        "moved": _moved(account, at),
        "tickets": _tickets(account, at),
        "last_touch": _last_touch(account, at),
        "contracts": _contracts(account),
        "arr": _money(
            None
            if account.arr_reporting is None
            else Money(account.arr_reporting, account.reporting_currency)
        ),
        "renewal": account.renewal_date.isoformat() if account.renewal_date else None,
        "people": _people(account),
    }


def _moved(account: Account, at: datetime) -> dict[str, Any] | None:
    day = at.date()
    found = scores.moved(account_id=account.pk, seen_by=EVIDENCE, since=day - MOVED_OVER, until=day)
    if found is None:
        return None
    return {
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "before": found.before,
        "after": found.after,
        "reason": found.reason,
    }


def _tickets(account: Account, at: datetime) -> list[dict[str, Any]]:
    rows = Ticket.objects.filter(account=account, resolved_at=None, opened_at__lte=at)
    return [
        {
            "key": row.key,
            "subject": row.subject,
            "severity": row.severity,
            "escalated": row.escalated,
            "opened_at": row.opened_at.isoformat(),
        }
        for row in rows.order_by("-escalated", "opened_at", "key")[:MOST_TICKETS]
    ]


def _last_touch(account: Account, at: datetime) -> dict[str, Any] | None:
    row = (
        Touchpoint.objects.filter(account=account, declined=False, held_at__lte=at)
        .order_by("-held_at")
        .first()
    )
    return (
        None
        if row is None
        else {"kind": row.kind, "subject": row.subject, "held_at": row.held_at.isoformat()}
    )


def _contracts(account: Account) -> list[dict[str, Any]]:
    found = contracts.of_account(account_id=account.pk, seen_by=EVIDENCE)[:MOST_CONTRACTS]
    return [
        {
            "key": one.key,
            "product": one.product,
            "arr": _money(one.arr),
            "end_date": one.end_date.isoformat() if one.end_date else None,
            "auto_renew": one.auto_renew,
            "notice_days": one.notice_days,
        }
        for one in found
    ]


def _people(account: Account) -> list[dict[str, Any]]:
    """Champions, blockers and those who decide, with who of them left or is away."""
    found = people.of_account(account_id=account.pk, seen_by=EVIDENCE)
    matter = [
        one
        for one in found
        if one.stance in ("champion", "blocker", "sceptic")
        or set(one.roles) & set(WEIGHTY)
        or (one.influence or 0) >= 4
    ]
    return [
        {
            "key": one.key,
            "name": one.name,
            "title": one.title,
            "roles": list(one.roles),
            "stance": one.stance,
            "status": one.status,
            "status_since": one.status_since.isoformat() if one.status_since else None,
        }
        for one in matter[:MOST_PEOPLE]
    ]


def _money(amount: Money | None) -> dict[str, str] | None:
    return None if amount is None else {"amount": str(amount.amount), "currency": amount.currency}
