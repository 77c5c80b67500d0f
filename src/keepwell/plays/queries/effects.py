"""What triage changed, account by account: the PM's load and the customer's CSAT, before and after it began."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.kernel.moments import day_of, start_of
from keepwell.ledger.models import Ownership, SurveyAnswer, Ticket
from keepwell.ledger.queries import accounts
from keepwell.plays import models
from keepwell.plays.formulas import absorption
from keepwell.plays.formulas.absorption import Content, Load, Week

MOST = 200
LEAST_ANSWERS, LEAST_TICKETS = absorption.LEAST_ANSWERS, absorption.LEAST_TICKETS

__all__ = ["LEAST_ANSWERS", "LEAST_TICKETS", "Content", "EffectView", "Load", "everything", "find"]


@dataclass(frozen=True)
class EffectView:
    """One account whose tickets are triaged."""

    account_key: str
    account_name: str
    began_on: date
    pm_had_all: bool
    declared: bool
    load: Load
    content: Content
    weeks: tuple[Week, ...]
    waiting: int


def everything(*, seen_by: Scope, at: datetime) -> tuple[EffectView, ...]:
    """Accounts whose triage has begun, the latest first. Six queries."""
    rows = _starts(seen_by).order_by("-began_on", "account__name")[:MOST]
    return _views(list(rows), at)


def find(*, account: str, seen_by: Scope, at: datetime) -> EffectView:
    """One account. Six queries."""
    rows = list(_starts(seen_by).filter(account__key=account))
    if not rows:
        raise errors.NotFound('Triage of "%(account)s" has not begun.', account=account)
    return _views(rows, at)[0]


def _starts(seen_by: Scope) -> Any:
    seen = accounts.visible(seen_by=seen_by)
    return models.TriageStart.objects.filter(account__in=seen).select_related("account")


def _views(rows: Sequence[models.TriageStart], at: datetime) -> tuple[EffectView, ...]:
    ids = [row.account_id for row in rows]
    tickets, answers, waiting = _tickets(rows), _answers(ids, rows), _waiting(ids)
    today = day_of(at)
    return tuple(
        EffectView(
            account_key=row.account.key,
            account_name=row.account.name or row.account.key,
            began_on=row.began_on,
            pm_had_all=row.pm_had_all,
            declared=row.declared,
            load=absorption.load(tickets[row.account_id], began_on=row.began_on, today=today),
            content=absorption.content(answers[row.account_id], began_on=row.began_on, today=today),
            weeks=absorption.weeks(tickets[row.account_id], began_on=row.began_on, today=today),
            waiting=waiting[row.account_id],
        )
        for row in rows
    )


def _tickets(rows: Sequence[models.TriageStart]) -> Mapping[int, list[absorption.Ticket]]:
    """Tickets from four weeks before triage began, each with whether it reached the PM."""
    starts = {row.account_id: row for row in rows}
    found: dict[int, list[absorption.Ticket]] = defaultdict(list)
    if not rows:
        return found
    since = start_of(min(row.began_on for row in rows) - timedelta(days=absorption.BEFORE_DAYS + 7))
    named, settled, before = _pms(starts), _settled(starts), _assignees(starts)
    told = Ticket.objects.filter(account__in=starts, opened_at__gte=since)
    for pk, account, opened, assignee in told.values_list("pk", "account", "opened_at", "assignee"):
        start, on = starts[account], day_of(opened)
        if on < start.began_on - timedelta(days=absorption.BEFORE_DAYS):
            continue
        if on < start.began_on:
            had = before.get(pk, assignee)
            reached = True if start.pm_had_all else _had(had, named[account])
        else:
            deed = settled.get(pk)
            reached = deed == "pm" if deed else _had(assignee, named[account]) is True
        found[account].append(absorption.Ticket(on, reached))
    return found


def _had(assignee: str, pms: Collection[str]) -> bool | None:
    """Whether an assignee is a PM of the account; nobody knows without an assignee, or without a PM."""
    if not assignee.strip() or not pms:
        return None
    return assignee.strip().lower() in pms


def _pms(account_ids: Collection[int]) -> Mapping[int, set[str]]:
    """Names and addresses of whoever was PM of an account. One query."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = Ownership.objects.filter(account__in=account_ids, role="pm")
    for account, email, name in rows.values_list("account", "user__email", "user__name"):
        found[account] |= {email.lower(), name.lower()} - {""}
    return found


def _settled(account_ids: Collection[int]) -> Mapping[int, str]:
    """What was made of tickets. One query."""
    rows = models.Triage.objects.filter(ticket__account__in=account_ids, undone_at=None).exclude(deed="kind")
    return dict(rows.values_list("ticket", "deed"))


def _assignees(account_ids: Collection[int]) -> Mapping[int, str]:
    """Who had tickets before triage gave them to somebody. One query."""
    rows = models.Triage.objects.filter(ticket__account__in=account_ids, deed="pm").order_by("-at", "-pk")
    return {ticket: was["assignee"] for ticket, was in rows.values_list("ticket", "was")}


def _answers(
    account_ids: Collection[int], rows: Sequence[models.TriageStart]
) -> Mapping[int, list[tuple[date, float]]]:
    found: dict[int, list[tuple[date, float]]] = defaultdict(list)
    if rows:
        since = start_of(min(row.began_on for row in rows) - timedelta(days=absorption.CSAT_DAYS))
        told = SurveyAnswer.objects.filter(account__in=account_ids, kind="csat", answered_at__gte=since)
        for account, at, score in told.values_list("account", "answered_at", "score"):
            found[account].append((day_of(at), score))
    return found


def _waiting(account_ids: Collection[int]) -> Mapping[int, int]:
    """Open tickets that nobody settled. One query."""
    found: dict[int, int] = defaultdict(int)
    settled = models.Triage.objects.filter(undone_at=None).exclude(deed="kind").values("ticket")
    rows = Ticket.objects.filter(account__in=account_ids, resolved_at=None).exclude(pk__in=settled)
    for account in rows.values_list("account", flat=True):
        found[account] += 1
    return found
