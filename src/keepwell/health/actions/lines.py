"""When facts about accounts last came in, and what their lines come to."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from keepwell.health import models

MOST_DIFFERENCES = 2000
SETTLE = """
    WITH told AS (
        DELETE FROM health_total WHERE (SELECT count(*) FROM health_total) > %s
        RETURNING by, value, former, band, currency, accounts, worth, rated, unrated, points, scored
    )
    INSERT INTO health_total (by, value, former, band, currency, accounts, worth, rated, unrated, points, scored)
    SELECT by, value, former, band, currency, sum(accounts), sum(worth), sum(rated), sum(unrated), sum(points), sum(scored)
    FROM told GROUP BY 1, 2, 3, 4, 5 HAVING sum(accounts) <> 0
"""


def heard(*, accounts: Collection[int] | None, at: datetime) -> None:
    """Facts about these came in; None: about whomever nothing is known to have come in yet. One statement."""
    lines = models.Line.objects.all()
    lines = lines.filter(heard_at=None) if accounts is None else lines.filter(account__in=accounts)
    lines.update(heard_at=at)


def settle() -> None:
    """Add up the differences once they are many; what is told meanwhile stays beside the sums. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [MOST_DIFFERENCES])


def count_anew() -> None:
    """What the lines come to, from the lines themselves; whoever writes them waits until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT health_total_anew()")
