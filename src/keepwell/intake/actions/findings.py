"""Check what is known of every account."""

from datetime import datetime

from django.db import connection

from keepwell.intake import checks
from keepwell.ledger.queries import sightings

_REWRITE = """
WITH found AS ({sql}),
gone AS (
  DELETE FROM intake_finding f WHERE f.check_slug = %(slug)s
  AND NOT EXISTS (SELECT 1 FROM found WHERE found.account_id = f.account_id)
)
INSERT INTO intake_finding AS f (account_id, check_slug, detail, found_at)
SELECT found.account_id, %(slug)s, found.detail, %(at)s FROM found
LEFT JOIN intake_finding had ON had.account_id = found.account_id AND had.check_slug = %(slug)s
WHERE had.detail IS DISTINCT FROM found.detail
ON CONFLICT (account_id, check_slug) DO UPDATE SET detail = excluded.detail
"""
_USE = """
INSERT INTO intake_accountuse AS u (account_id, source, first_at, last_at, names_people)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::boolean[])
ON CONFLICT (account_id, source) DO UPDATE SET first_at = LEAST(u.first_at, excluded.first_at),
last_at = GREATEST(u.last_at, excluded.last_at), names_people = u.names_people OR excluded.names_people
"""


def refresh(*, at: datetime) -> None:
    """Run every check over all accounts as of a moment; a finding keeps the moment from which on it stood.

    One query a check, whatever the number of accounts.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM intake_finding WHERE NOT check_slug = ANY(%s)", [list(checks.CHECKS)])
        for check in checks.CHECKS.values():
            cursor.execute(_REWRITE.format(sql=check.sql), {"slug": check.slug, "at": at})


def note_use(*, after_batch: int) -> None:
    """Note from the lake's batches after one when each account used the product; from all of them anew after 0."""
    use = sightings.use_by_account(after_batch=after_batch)
    with connection.cursor() as cursor:
        if not after_batch:
            cursor.execute("DELETE FROM intake_accountuse")
        if not use.is_empty():
            cursor.execute(_USE, [column.to_list() for column in use.get_columns()])
