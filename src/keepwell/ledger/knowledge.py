"""What of the facts counts for which day: as known now, as known before a moment, or each day as known by its own end."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import narwhals as nw
import polars as pl

from keepwell.ledger import frames, replays
from keepwell.ledger.engines import EMBEDDED, Frame

_DAY = pl.col("at").dt.date()


@dataclass(frozen=True)
class Knowledge:
    """All that is known now; with `by` what was known before that moment, with `each_day` what was by the end of each day."""

    by: datetime | None = None
    each_day: bool = False


NOW = Knowledge()
THEN = Knowledge(each_day=True)


def told(
    known: Knowledge, *, until: datetime, names: Collection[str] | None = None, kind: str | None = None
) -> pl.LazyFrame:
    """The lake's rows under their raw keys, with the days for which each counts: `_from` ≤ day < `_until` (null: for good)."""
    if known.each_day:
        return _dated(replays.told(until=until, names=names, kind=kind))
    return _cut(frames.told(until=until, known_by=known.by, names=names, kind=kind))


def events(
    known: Knowledge,
    *,
    until: datetime,
    names: Collection[str] | None = None,
    kind: str | None = None,
    accounts: Collection[int] | None = None,
) -> pl.LazyFrame:
    """As `told`, with the `account_id` that each row means; of some accounts or all."""
    if known.each_day:
        return _dated(replays.events(until=until, names=names, kind=kind, accounts=accounts))
    if kind == "fact" and accounts is not None and len(accounts) <= frames.FEW:
        facts = frames.facts_of(accounts, until=until, known_by=known.by)
        return _cut(facts if names is None else facts.filter(nw.col("name").is_in(list(names))))
    return _cut(frames.events(until=until, known_by=known.by, names=names, kind=kind, accounts=accounts))


def contracts(known: Knowledge, *, until: datetime, accounts: Collection[int] | None = None) -> pl.LazyFrame:
    """What contract events state, as `frames.contracts`, with the days for which each row counts."""
    return stated(events(known, until=until, names=frames.CONTRACTS, kind="fact", accounts=accounts))


def stated(said: pl.LazyFrame) -> pl.LazyFrame:
    """What rows of contract events state."""
    found: pl.LazyFrame = frames.stated(nw.from_native(said), EMBEDDED, "_from", "_until").to_native()
    return found


def _cut(rows: Frame) -> pl.LazyFrame:
    found: pl.LazyFrame = rows.to_native()
    return found.with_columns(_from=_DAY, _until=pl.lit(None, pl.Date))


def _dated(rows: Frame) -> pl.LazyFrame:
    found: pl.LazyFrame = rows.to_native()
    dated = found.with_columns(
        _from=pl.max_horizontal(_DAY, pl.col("seen_at").dt.date()), _until=pl.col("gone_at").dt.date()
    )
    return dated.filter(pl.col("_until").is_null() | (pl.col("_from") < pl.col("_until")))
