"""What accounts had signed on each of many days: ARR, the next renewal, and whether they had left."""

from datetime import date, datetime

import narwhals as nw
import polars as pl

from keepwell.ledger import frames
from keepwell.ledger.formulas import movements
from keepwell.ledger.queries import rates

SPANS = ("account_id", "currency", "arr", "begins", "ends", "end_date")
STANDING = {"arr": pl.Float64, "renewal_date": pl.Date, "former": pl.Boolean}


def spans(*, until: datetime, known_by: datetime | None = None) -> pl.DataFrame:
    """From when until when each contract ran on which terms: account_id, currency, arr, begins, ends, end_date.

    `ends` is null while it runs, `end_date` the end that its terms stated. An account that left without any contract has
    one row that begins and ends on that day. Two scans of the facts.
    """
    contracts = frames.contracts(until=until, known_by=known_by)
    gone = frames.events(until=until, known_by=known_by, names=("account.churned",), kind="fact")
    departures = gone.select("account_id", "at", "known_at")
    running: pl.DataFrame = movements.spans(contracts, departures).select(*SPANS).collect().to_native()
    left: pl.DataFrame = departures.select("account_id", begins=nw.col("at").dt.date()).collect().to_native()
    bare = left.join(running, on="account_id", how="anti").unique("account_id")
    return pl.concat([running, bare.with_columns(ends="begins")], how="diagonal_relaxed")


def on_days(asked: pl.DataFrame, *, spans: pl.DataFrame, day: date) -> pl.DataFrame:
    """`asked` (account_id, as_of) with arr, renewal_date (null where no contract had begun by then) and former.

    ARR is told in the reporting currency by the rates of one `day`, so that it moves by what was signed alone; null when
    a currency has no rate. The renewal is the first stated end of a running contract. One query.
    """
    known = rates.on(day, into=rates.reporting())
    units = {currency: float(unit) for currency, unit in known.units.items()} | {"": 1.0}
    unit = pl.col("currency").replace_strict(units, default=None, return_dtype=pl.Float64)
    rows = asked.join(spans.with_columns(unit=unit), on="account_id").filter(
        pl.col("begins") <= pl.col("as_of")
    )
    runs = pl.col("ends").is_null() | (pl.col("ends") > pl.col("as_of"))
    worth = pl.col("arr") * pl.col("unit")
    sums = rows.group_by("account_id", "as_of").agg(
        arr=pl.when((runs & worth.is_null() & (pl.col("arr") != 0)).any().not_())
        .then(worth.filter(runs).sum())
        .round(2),
        renewal_date=pl.col("end_date").filter(runs).min(),
        former=runs.any().not_(),
    )
    found = asked.join(sums, on=["account_id", "as_of"], how="left")
    return found.with_columns(pl.col("former").fill_null(value=False))
