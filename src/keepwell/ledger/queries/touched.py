"""Which accounts new events concern, and from which day on."""

from datetime import date
from typing import NamedTuple

import polars as pl

from keepwell.ledger import frames, lake

# These change what earlier events mean, so the whole past of their account is concerned.
REWRITES_PAST = (
    "account.created",
    "contract.signed",
    "contract.changed",
    "identity.linked",
    "event.retracted",
)
# These report what was made of the numbers; no number rests on them.
ECHOES = ("health.band_changed", "incident.opened", "incident.closed")


class Touched(NamedTuple):
    """The first concerned day by account, and the last batch looked at."""

    since: dict[int, date]
    batch: int


def after(*, batch: int) -> Touched:
    """What the batches after one concern. Reads only the files that may hold them."""
    last = lake.snapshot().batch
    new = lake.scan(after_batch=batch).filter((pl.col("batch") > batch) & ~pl.col("name").is_in(ECHOES))
    first = (
        pl.when(pl.col("name").is_in(REWRITES_PAST))
        .then(pl.lit(date(1, 1, 1)))
        .otherwise(pl.col("at").dt.date())
        .min()
    )
    rows = frames.resolved(new).group_by("account_id").agg(first.alias("since")).collect()
    return Touched(dict(rows.iter_rows()), last)
