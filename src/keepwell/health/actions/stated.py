"""Notice what accounts say of themselves since they were last judged: it moves no fact, but cards may hang on it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

import polars as pl
from django.db import connection

from keepwell.health import models
from keepwell.health.queries import subjects
from keepwell.metrics.actions import bulk

TABLE = models.Stated._meta.db_table


@dataclass(frozen=True)
class Restated:
    """Accounts that say something else than when they were last judged, and all that each says now as a number."""

    changed: Mapping[int, date]
    now: Mapping[int, int]


def restated(asks: Collection[str]) -> Restated:
    """Compare what the cards ask of accounts with what was noted. Two queries, none when no card asks anything."""
    if not subjects.own(asks):
        return Restated({}, {})
    now = {account: _number(said) for account, *said in subjects.stated(asks).iter_rows()}
    before = dict(models.Stated.objects.values_list("account_id", "said"))
    changed = {account: date.min for account, number in now.items() if before.get(account) != number}
    return Restated(changed, now)


def _number(said: Sequence[Any]) -> int:
    """What is said, as 64 bits that stay the same from run to run."""
    return int.from_bytes(blake2b(repr(said).encode(), digest_size=8).digest(), "big", signed=True)


def note(found: Restated) -> None:
    """Note what accounts say now, where it changed."""
    if not found.changed:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE account_id = ANY(%s)", [list(found.changed)])  # noqa: S608
    rows = [(account, found.now[account]) for account in found.changed]
    bulk.copy_in(TABLE, pl.DataFrame(rows, schema={"account_id": pl.Int64, "said": pl.Int64}, orient="row"))
