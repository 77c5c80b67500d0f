"""Tell people that what they put off is on their list again."""

from datetime import datetime

from keepwell.cockpit import models
from keepwell.plays.actions import notifications

AT_ONCE = 500


def tell(*, at: datetime) -> int:
    """Tell of the snoozes that have ended, each once; gives how many. Two queries, and three each."""
    told = 0
    for snooze in models.Snooze.objects.filter(until__lte=at, told_at=None).order_by("until")[:AT_ONCE]:
        if not models.Snooze.objects.filter(pk=snooze.pk, told_at=None).update(told_at=at):
            continue
        told += notifications.tell(
            kind="snooze-ended",
            user_ids=[snooze.user_id],
            key=f"snooze:{snooze.pk}:{snooze.until.isoformat()}",
            what=snooze.what,
            subject="today:",
            account_id=snooze.account_id,
            at=at,
        )
    return told
