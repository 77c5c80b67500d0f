"""Who of ours looked at which account: so that a page can say what is new to them."""

from datetime import datetime, timedelta

from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.queries import accounts

VISIT, QUIET = timedelta(minutes=30), timedelta(minutes=1)


def look(*, account_id: int, by: Scope, at: datetime) -> datetime | None:
    """Note that somebody looks at an account; gives since when things are news to them, None on their first visit.

    Looks within half an hour are one visit: reloading a page does not make its news old. Two or three queries.
    """
    if by.user_id is None or not accounts.visible(seen_by=by).filter(pk=account_id).exists():
        return None
    mine = models.Look.objects.filter(user=by.user_id, account=account_id)
    last = mine.first()
    if last is None:
        row = models.Look(user_id=by.user_id, account_id=account_id, at=at)
        models.Look.objects.bulk_create([row], ignore_conflicts=True)
        return None
    since = last.at if at - last.at > VISIT else last.since
    if at - last.at > QUIET:
        mine.filter(at=last.at).update(at=at, since=since)
    return since
