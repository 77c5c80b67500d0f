"""Compute everything anew and hold it against what stood: an increment that went astray is found, told and mended."""

from datetime import datetime

from django.db import connection

from keepwell.ledger.queries import touched
from keepwell.ledger.queries.accounts import keys_of
from keepwell.pipeline import lock, models
from keepwell.pipeline.actions.advance import advance, answer, rebuild

STAGE = "verification"
NAMED = 20
# A number for each account that any other row, day or figure would change.
_DIGESTS = """
    SELECT account_id, sum(digest) FROM (
        SELECT account_id, hashtextextended(concat_ws('|', metric, as_of, value, reason), 1) AS digest
        FROM metrics_metricvalue
        UNION ALL
        SELECT account_id, hashtextextended(
            concat_ws('|', as_of, version_id, coalesce(points::text, ''), band, parts::text, known_weight, low, high), 2)
        FROM health_score
    ) AS rows GROUP BY account_id
"""


def verify(*, at: datetime) -> list[str]:
    """Bring every number up to now, compute all of them anew, and give the keys of the accounts that stood otherwise.

    What a rebuild says stands afterwards. Accounts of which facts came in meanwhile are not held against it. So are the rules:
    a signal that a sweep finds or ends, which the increments had not, is told here, and stands as the sweep says.
    """
    with lock.exclusive():
        advance(at=at)
        batch = models.Watermark.objects.values_list("batch", flat=True).get(slug="scores")
        before = _digests()
        rebuild(at=at)
        after = _digests()
        looked = answer(None, at).looked
        fresh = set(touched.after(batch=batch).since)
    differ = {
        account for account in before.keys() | after.keys() if before.get(account) != after.get(account)
    }
    differ |= {firing.account_id for firing in (*looked.fired, *looked.ended)}
    keys = keys_of(differ - fresh)
    named = ", ".join(keys[:NAMED]) + (" …" if len(keys) > NAMED else "")
    failure = f"{len(keys)} accounts stood otherwise and were mended: {named}" if keys else ""
    models.Watermark.objects.update_or_create(
        slug=STAGE,
        defaults={"batch": len(after), "day": at.date(), "advanced_at": at, "failure": failure},
    )
    return keys


def _digests() -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_DIGESTS)
        return {account: int(digest) for account, digest in cursor.fetchall()}
