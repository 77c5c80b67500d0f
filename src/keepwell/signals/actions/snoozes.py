"""Deeds on snoozes: hear nothing of a rule on an account for a while."""

from datetime import datetime, timedelta

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.signals import models
from keepwell.signals.queries import firings

MOST_DAYS = 180


def snooze(*, firing_id: int, days: int, by: Scope, at: datetime, reason: str = "") -> None:
    """Put off a signal for so many days, and every other of the same rule on the same account."""
    by.require("work.do")
    if isinstance(days, bool) or not 1 <= days <= MOST_DAYS:
        raise Invalid(
            "A signal is put off for 1 to %(most_days)s days, not %(days)s.", most_days=MOST_DAYS, days=days
        )
    firing = firings.find(firing_id=firing_id, seen_by=by, now=at)
    with transaction.atomic():
        rule = models.Rule.objects.get(slug=firing.rule)
        rows = models.Snooze.objects.filter(rule=rule, account=firing.account_id, ended_at=None)
        rows.update(ended_at=at)
        models.Snooze.objects.create(
            rule=rule,
            account_id=firing.account_id,
            until=at + timedelta(days=days),
            reason=reason.strip(),
            by_id=by.user_id,
            at=at,
        )
        audit.record(
            by=by,
            at=at,
            deed="signal.snooze",
            subject=f"account:{firing.account_key}",
            rule=rule.slug,
            days=days,
        )


def wake(*, firing_id: int, by: Scope, at: datetime) -> None:
    """Take that back."""
    by.require("work.do")
    firing = firings.find(firing_id=firing_id, seen_by=by, now=at)
    with transaction.atomic():
        rows = models.Snooze.objects.filter(
            rule__slug=firing.rule, account=firing.account_id, ended_at=None, until__gt=at
        )
        if not rows.update(ended_at=at):
            raise NotFound("Nobody put this signal off.")
        audit.record(
            by=by, at=at, deed="signal.wake", subject=f"account:{firing.account_key}", rule=firing.rule
        )
