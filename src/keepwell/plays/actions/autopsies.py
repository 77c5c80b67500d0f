"""Look back on customers that left: once each, when it is certain, from what was known then."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from keepwell.access.scopes import system
from keepwell.health.queries import scores
from keepwell.kernel.errors import Refused
from keepwell.kernel.moments import end_of, start_of
from keepwell.ledger.models import Account, Contract, Note, Touchpoint
from keepwell.metrics.queries import departures
from keepwell.plays import models
from keepwell.plays.formulas import autopsy
from keepwell.plays.formulas.autopsy import Act, Answer, Departed, Health, Signal, Told
from keepwell.signals.models import Firing, RuleVersion

LOOKS = system(through="autopsy")
BACK_DAYS = 365
EVERY_DAYS = 28
LATELY = timedelta(days=365)
AT_ONCE = 25


def look(*, at: datetime, most: int = AT_ONCE) -> int:
    """Write the autopsies of those who left within a year and have none that counts alarms, the latest first; gives how many.

    A few scans of the lake for who left, and thirteen of each account's own share. Each is written by itself, once a departure.
    """
    departure = departures.declared()
    found = departures.departures(until=at.date(), known_by=None, departure=departure)
    rows = [
        (account, left, onset)
        for account, left, onset in found.select("account_id", "left_on", "onset_on").iter_rows()
        if left > at.date() - LATELY
    ]
    whole = models.Autopsy.objects.filter(findings__has_key="alarms")
    known = set(whole.values_list("account", "left_on"))
    accounts = Account.objects.filter(pk__in=[row[0] for row in rows], merged_into=None)
    here = {account.pk: account for account in accounts}
    waiting = sorted(
        (
            (left, account, onset)
            for account, left, onset in rows
            if (account, left) not in known and account in here
        ),
        reverse=True,
    )
    for left, account, onset in waiting[:most]:
        _write(here[account], left, onset, departure.sentence, at)
    return min(len(waiting), most)


def _write(account: Account, left_on: date, onset_on: date, sentence: str, at: datetime) -> None:
    departed = Departed(left_on, onset_on, sentence)
    since = start_of(left_on - timedelta(days=BACK_DAYS))
    until = end_of(left_on)
    found = autopsy.findings(
        departed,
        health=_health(account.pk, left_on),
        signals=_signals(account, since, until),
        acts=_acts(account, since, until),
        watched=RuleVersion.objects.filter(begun_at__lt=until).exists(),
    )
    arr, currency = _arr(account, left_on)
    with transaction.atomic():
        models.Autopsy.objects.update_or_create(
            account=account,
            left_on=left_on,
            defaults={
                "written_at": at,
                "signalled": found["first_signal"] is not None,
                "responded": found["first_response"] is not None,
                "lead_days": found["lead_days"],
                "arr": arr,
                "currency": currency,
                "findings": found,
            },
        )


def _health(account_id: int, left_on: date) -> list[Health]:
    """The health on days before it left, each from what was known by its end."""
    found = []
    for back in range(BACK_DAYS // EVERY_DAYS * EVERY_DAYS, -1, -EVERY_DAYS):
        day = left_on - timedelta(days=back + 1)
        try:
            judged = scores.evaluate(as_of=day, known_by=end_of(day), account_ids=[account_id])
        except Refused:  # no scorecard judged then
            continue
        found += [Health(day, one.points, one.band) for one in judged]
    return found


def _signals(account: Account, since: datetime, until: datetime) -> list[Signal]:
    rows = Firing.objects.filter(account=account, at__gte=since, at__lt=until).select_related(
        "rule", "version"
    )
    foretold = [row for row in rows.order_by("at", "pk") if row.version.definition["foretells"] == "churn"]
    told, answers = _told(foretold, until), _answers(foretold, until)
    return [
        Signal(
            row.at, row.rule.slug, row.rule.title, row.version.definition["severity"], row.sentence, row.stood,
            row.pk, tuple(told.get(row.pk, ())), tuple(answers.get(row.pk, ())),
        )
        for row in foretold
    ]  # fmt: skip


def _told(fired: Sequence[Firing], until: datetime) -> dict[int, list[Told]]:
    """Whom each alarm reached before the account left."""
    rows = models.Delivery.objects.filter(
        firing__in=fired, state="delivered", user__isnull=False, ended_at__lt=until
    ).select_related("user")
    found: dict[int, list[Told]] = {}
    for row in rows.order_by("ended_at", "pk"):
        if row.ended_at is not None:
            found.setdefault(row.firing_id, []).append(Told(row.ended_at, str(row.user)))
    return found


def _answers(fired: Sequence[Firing], until: datetime) -> dict[int, list[Answer]]:
    """What was answered to each alarm before the account left, and not taken back."""
    rows = models.Response.objects.filter(
        firing__in=fired, kind__in=autopsy.ANSWERS, at__lt=until, taken_back_at=None
    ).select_related("by")
    found: dict[int, list[Answer]] = {}
    for row in rows.order_by("at", "pk"):
        found.setdefault(row.firing_id, []).append(Answer(row.at, row.kind, str(row.by or "")))
    return found


def _acts(account: Account, since: datetime, until: datetime) -> list[Act]:
    """What was done for the account: conversations, tasks, calls and findings of incidents, notes."""
    span: dict[str, Any] = {"account": account}
    found = [
        Act(row.held_at, "touchpoint", row.subject or row.kind.replace("_", " "))
        for row in Touchpoint.objects.filter(**span, held_at__gte=since, held_at__lt=until, declined=False)
    ]
    found += [
        Act(row.at, "task", row.task.title)
        for row in models.TaskCompletion.objects.filter(
            task__account=account, at__gte=since, at__lt=until
        ).select_related("task")
    ]
    found += [
        Act(row.opened_at, "incident", row.title)
        for row in models.Incident.objects.filter(**span, opened_at__gte=since, opened_at__lt=until)
    ]
    found += [
        Act(row.held_at, "call", row.incident.title)
        for row in models.IncidentCall.objects.filter(
            incident__account=account, held_at__gte=since, held_at__lt=until
        ).select_related("incident")
    ]
    found += [
        Act(row.at, row.kind, row.text[:200])
        for row in models.IncidentFinding.objects.filter(
            incident__account=account, at__gte=since, at__lt=until
        )
    ]
    found += [
        Act(row.written_at, "note", row.text[:200])
        for row in Note.objects.filter(**span, written_at__gte=since, written_at__lt=until)
    ]
    return found


def _arr(account: Account, left_on: date) -> tuple[Decimal | None, str]:
    """What its last contracts brought a year, where one currency says it."""
    rows: Sequence[Contract] = list(
        Contract.objects.filter(account=account, start_date__lte=left_on).order_by("end_date")
    )
    last = [
        row for row in rows if row.end_date is None or row.end_date >= left_on - timedelta(days=1)
    ] or rows[-1:]
    told = [(row.arr, row.currency) for row in last if row.arr is not None]
    if not told or len({currency for _, currency in told}) > 1:
        return None, ""
    return sum((arr for arr, _ in told), Decimal(0)), told[0][1]
