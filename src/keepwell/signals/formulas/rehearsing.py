"""What a rule would have done over the past: how often, on whom, how early, how often rightly. Frames in, figures out.

A rule fires for an account on the first replayed day on which it holds after one on which it did not; where it cannot be
told it stays as it was. What held on the very first day stood there already and is no alarm. An alarm was right when what it
foretells came within the horizon after it; alarms so late that this cannot be known yet are counted apart.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from math import isnan
from typing import Any

import numpy as np
import polars as pl

from keepwell.health.formulas.proving.shares import share_of

KEYS = ["account_id", "as_of"]
NAMED = 50
QUARTERS = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Asked:
    """Over which days, how far ahead, since when outcomes are not certain yet, and who has to hear the alarms."""

    days: Sequence[date]
    step_days: int
    horizon_days: int
    settled_on: date
    again_after_days: int
    csms: int

    @property
    def weeks(self) -> float:
        """How long the replayed time is; the first day only shows what stood."""
        return max(1.0, (self.days[-1] - self.days[0]).days / 7)


def alarms(answers: pl.DataFrame, *, again_after_days: int) -> pl.DataFrame:
    """The days on which a rule began to hold: account_id, as_of, stood (it held on the first day of all already).

    `answers` has account_id, as_of and holds (null: unknown) of the days on which the account was a customer.
    """
    if answers.is_empty():
        return pl.DataFrame(schema={"account_id": pl.Int64, "as_of": pl.Date, "stood": pl.Boolean})
    held = pl.col("holds").forward_fill().over("account_id").fill_null(value=False)
    rows = answers.sort(KEYS).with_columns(held=held)
    before = pl.col("held").shift(1).over("account_id").fill_null(value=False)
    first = answers["as_of"].min()
    begun = rows.filter(pl.col("held") & ~before).select(*KEYS, stood=pl.col("as_of") == first)
    return _apart(begun, again_after_days) if again_after_days else begun


def _apart(begun: pl.DataFrame, days: int) -> pl.DataFrame:
    """Without those that come too soon after one that was told."""
    kept: list[bool] = []
    last: dict[int, date] = {}
    for account, day, _ in begun.iter_rows():
        told = account in last and day < last[account] + timedelta(days=days)
        kept.append(not told)
        if not told:
            last[account] = day
    return begun.filter(pl.Series(kept, dtype=pl.Boolean))


def figures(answers: pl.DataFrame, outcomes: pl.DataFrame, asked: Asked) -> dict[str, Any]:
    """The figures of one rule as JSON.

    `outcomes` has account_id and `on`, the day on which what is foretold came. `precision` is the share of settled alarms
    that were right, with its interval over accounts; `caught` of `came` outcomes had an alarm within the horizon before,
    `lead_days` are its quartiles; `by_chance` is how often the outcome follows any replayed day of any customer.
    """
    told = alarms(answers, again_after_days=asked.again_after_days)
    news = told.filter(~pl.col("stood"))
    with_outcomes = judged(news, outcomes, asked.horizon_days)
    settled = with_outcomes.filter(pl.col("as_of") <= asked.settled_on - timedelta(days=asked.horizon_days))
    right = share_of(settled["right"].to_numpy(), settled["account_id"].to_numpy())
    leads = _leads(news, outcomes, asked)
    every = judged(answers.select(KEYS), outcomes, asked.horizon_days).filter(
        pl.col("as_of") <= asked.settled_on - timedelta(days=asked.horizon_days)
    )
    return {
        "alarms": news.height,
        "accounts": news["account_id"].n_unique(),
        "stood": told.height - news.height,
        "customers": answers["account_id"].n_unique(),
        "unknown_percent": _percent(answers["holds"].null_count(), answers.height),
        "a_week": news.height / asked.weeks,
        "a_week_per_csm": news.height / asked.weeks / asked.csms if asked.csms else None,
        "settled": settled.height,
        "right": int(settled["right"].sum()),
        "precision": _known(asdict(right)) if settled.height else None,
        "by_chance": float(every["right"].mean()) if every.height else None,  # type: ignore[arg-type]
        "came": leads.height,
        "caught": int(leads["lead_days"].is_not_null().sum()),
        "lead_days": [_quarter(leads["lead_days"], share) for share in QUARTERS],
        "by_week": _by_week(news, asked),
        "named": _named(with_outcomes),
    }


def judged(alarmed: pl.DataFrame, outcomes: pl.DataFrame, horizon_days: int) -> pl.DataFrame:
    """Alarms (account_id, as_of) with when what was foretold came next (`on`), and whether within the horizon (`right`)."""
    next_ = alarmed.sort("as_of").join_asof(
        outcomes.sort("on"), left_on="as_of", right_on="on", by="account_id", strategy="forward",
        check_sortedness=False, coalesce=False,
    )  # fmt: skip
    near = (pl.col("on") - pl.col("as_of")).dt.total_days() <= horizon_days
    return next_.with_columns(right=near.fill_null(value=False))


def _leads(alarmed: pl.DataFrame, outcomes: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    """Each outcome of the replayed time, with how early the first alarm within the horizon came; null for none."""
    came = outcomes.filter((pl.col("on") > asked.days[0]) & (pl.col("on") <= asked.days[-1]))
    early = came.join(alarmed.select(*KEYS), on="account_id", how="left")
    lead = (pl.col("on") - pl.col("as_of")).dt.total_days()
    inside = pl.when((lead >= 0) & (lead <= asked.horizon_days)).then(lead)
    return early.group_by("account_id", "on").agg(lead_days=inside.max())


def _by_week(alarmed: pl.DataFrame, asked: Asked) -> list[dict[str, Any]]:
    counted = dict(alarmed.group_by("as_of").len().iter_rows())
    return [{"day": day.isoformat(), "alarms": counted.get(day, 0)} for day in asked.days]


def _named(told: pl.DataFrame) -> list[dict[str, Any]]:
    """The latest alarms, by account."""
    rows = told.sort("as_of", "account_id", descending=[True, False]).head(NAMED)
    return [
        {"account": row["account_id"], "day": row["as_of"].isoformat(), "right": row["right"]}
        for row in rows.iter_rows(named=True)
    ]


def _quarter(leads: pl.Series, share: float) -> float | None:
    found = leads.drop_nulls().to_numpy()
    return float(np.quantile(found, share)) if found.size else None


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _known(told: dict[str, Any]) -> dict[str, Any]:
    return {name: None if isnan(value) else value for name, value in told.items()}
