"""What accounts had signed on each of many days: ARR, the next renewal, and whether they had left."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from keepwell.kernel import plans
from keepwell.ledger import frames, knowledge
from keepwell.ledger.formulas import movements
from keepwell.ledger.knowledge import NOW, Knowledge
from keepwell.ledger.queries import rates

SPANS = ("account_id", "currency", "arr", "begins", "ends", "end_date")
STANDING = {"arr": pl.Float64, "renewal_date": pl.Date, "former": pl.Boolean}
ALWAYS = date.min
LEFT = "account.churned"


@dataclass(frozen=True)
class Terms:
    """From when until when each contract ran on which terms: sight, currency, arr, begins, ends, end_date.

    `ends` is null while it runs, `end_date` the end that its terms stated. A `sight` is an account as it was seen from a day
    on, until other facts about it came late: `sights` has account_id, known_on, sight. Where all is asked as known at one
    moment an account has one sight.
    """

    spans: pl.DataFrame
    sights: pl.DataFrame


def spans(*, until: datetime, known: Knowledge = NOW, accounts: Collection[int] | None = None) -> Terms:
    """The terms of contracts, of some accounts or all.

    An account that left before any contract has a row that begins and ends on that day. One scan of the facts.
    """
    names = (*frames.CONTRACTS, LEFT)
    told = knowledge.events(known, until=until, names=names, kind="fact", accounts=accounts).collect()
    said = knowledge.stated(told.lazy().filter(pl.col("name") != LEFT)).collect()
    gone = told.filter(pl.col("name") == LEFT).select("account_id", "at", "known_at", "_from", "_until")
    sights = _sights(said, gone)
    contracts, departures = (_seen(rows, sights) for rows in (said, gone))
    running = plans.answered(_running, {"contracts": contracts, "departures": departures})["running"]
    first = running.group_by("account_id").agg(first=pl.col("begins").min())
    bare = (
        departures.select("account_id", begins=pl.col("at").dt.date())
        .join(first, on="account_id", how="left")
        .filter(pl.col("first").is_null() | (pl.col("begins") < pl.col("first")))
        .select("account_id", "begins", ends="begins")
    )
    both = pl.concat([running, bare.unique()], how="diagonal_relaxed")
    return Terms(both.rename({"account_id": "sight"}), sights)


def _running(told: Mapping[str, plans.Frame]) -> dict[str, plans.Frame]:
    return {"running": movements.spans(told["contracts"], told["departures"]).select(*SPANS)}


def _sights(*told: pl.DataFrame) -> pl.DataFrame:
    """Each account as seen from the beginning, and from each day on which a fact came late or was taken back."""
    late, gone = pl.col("at").dt.date() < pl.col("_from"), pl.col("_until").is_not_null()
    moments = [
        found
        for rows in told
        for found in (
            rows.select("account_id", known_on=pl.lit(ALWAYS, pl.Date)),
            rows.filter(late).select("account_id", known_on="_from"),
            rows.filter(gone).select("account_id", known_on="_until"),
        )
    ]
    found = pl.concat(moments).unique().sort("account_id", "known_on")
    return found.with_columns(sight=pl.int_range(pl.len(), dtype=pl.Int64))


def _seen(rows: pl.DataFrame, sights: pl.DataFrame) -> pl.DataFrame:
    """The rows that count in each sight, with that in the account's place; what lies ahead of a day does not touch it."""
    timely = pl.col("at").dt.date() == pl.col("_from")
    counts = timely | (pl.col("_from") <= pl.col("known_on"))
    holds = pl.col("_until").is_null() | (pl.col("known_on") < pl.col("_until"))
    seen = rows.join(sights, on="account_id").filter(counts & holds)
    return seen.drop("account_id", "known_on", "_from", "_until").rename({"sight": "account_id"})


def on_days(asked: pl.DataFrame, *, terms: Terms, day: date) -> pl.DataFrame:
    """`asked` (account_id, as_of) with arr, renewal_date (null where no contract had begun by then) and former.

    ARR is told in the reporting currency by the rates of one `day`, so that it moves by what was signed alone; null when
    a currency has no rate. The renewal is the first stated end of a running contract. One query.
    """
    known = rates.on(day, into=rates.reporting())
    units = {currency: float(unit) for currency, unit in known.units.items()} | {"": 1.0}
    unit = pl.col("currency").replace_strict(units, default=None, return_dtype=pl.Float64)
    seen = asked.sort("as_of").join_asof(
        terms.sights.sort("known_on"), left_on="as_of", right_on="known_on", by="account_id",
        check_sortedness=False,
    )  # fmt: skip
    rows = seen.join(terms.spans.with_columns(unit=unit), on="sight").filter(
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
