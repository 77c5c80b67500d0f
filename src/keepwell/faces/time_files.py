"""Stretches of time as rows of a file, for pages and the command line alike."""

from collections.abc import Iterator
from datetime import date, timedelta

from keepwell.access.queries import users
from keepwell.access.scopes import Scope
from keepwell.coverage.queries import time
from keepwell.health.queries.portfolio import Whose
from keepwell.ledger.queries import accounts

HEAD = ("day", "person", "account", "minutes", "assumed", "side", "initiative", "work")


def rows(of: Whose, *, until: date, weeks: int, seen_by: Scope) -> Iterator[tuple[object, ...]]:
    """Each stretch of the last weeks; an account that the asker does not see any more is left empty."""
    since = until - timedelta(days=until.weekday(), weeks=weeks - 1)
    found = time.spells(of, since=since, until=until, seen_by=seen_by).sort("day", "user_id", "account_id")
    people = {user.pk: user.email for user in users.everyone()}
    seen = {pk: key for pk, (key, _) in accounts.keys_by_id(seen_by=seen_by).items()}
    for row in found.iter_rows(named=True):
        yield (
            row["day"].isoformat(),
            people.get(row["user_id"], ""),
            seen.get(row["account_id"], ""),
            row["minutes"],
            "yes" if row["is_assumed"] else "no",
            row["side"],
            row["initiative"],
            row["work"],
        )
