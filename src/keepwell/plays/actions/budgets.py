"""Count the alert budget and keep it: a page that is asked for reads rows."""

from datetime import datetime

from django.db import transaction

from keepwell.intake.actions.alone import alone
from keepwell.plays import models
from keepwell.plays.queries import budgets

LOCK = 0x62756467


def count(*, at: datetime) -> None:
    """Count every rule's alarms of the last year anew; one worker does, others leave. Cut off it leaves what stood."""
    with alone(kind=LOCK, number=0) as mine:
        if not mine:
            return
        found = budgets.counted(at=at)
        with transaction.atomic():
            models.AlertBudget.objects.exclude(rule__in=found).delete()
            for rule, figures in found.items():
                models.AlertBudget.objects.update_or_create(
                    rule_id=rule, defaults={"at": at, "figures": figures}
                )
