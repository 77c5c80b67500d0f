"""Where the time goes: shares of minutes, beside what the practice asks for. Frames in, numbers out."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

# What the practice asks for, in percent: the least and the most (SPEC E6).
PROACTIVE = (60, 70)
SIDES: Mapping[str, tuple[int, int]] = {"customer": (50, 60), "internal": (20, 30), "planning": (20, 30)}
# The week of somebody with a middle-sized book, in percent of the hours.
WEEK: Mapping[str, int] = {"red": 30, "yellow": 25, "green": 20, "onboarding": 15, "internal": 10}
QUEUE = 40  # percent: below it, most of the time is somebody else's question
LEAST_MINUTES = 8 * 60  # less than a day's work tells nothing

SCHEMA = {
    "user_id": pl.Int64, "account_id": pl.Int64, "day": pl.Date, "minutes": pl.Int64, "is_assumed": pl.Boolean,
    "side": pl.String, "initiative": pl.String, "work": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Shares:
    """Minutes in all, of which so many are assumed; and by side, initiative ("" where it is not told) and kind of work."""

    minutes: int
    assumed: int
    by_side: Mapping[str, int]
    by_initiative: Mapping[str, int]
    by_work: Mapping[str, int]

    @property
    def proactive(self) -> float | None:
        """Percent of the minutes whose initiative is told with which we came on our own; None: of none it is told."""
        told = self.by_initiative.get("proactive", 0) + self.by_initiative.get("reactive", 0)
        return 100 * self.by_initiative.get("proactive", 0) / told if told else None

    @property
    def untold(self) -> int:
        """Minutes with a customer of which nobody said whether we came on our own."""
        return self.by_initiative.get("", 0)

    def side(self, side: str) -> float | None:
        """Percent of the minutes on a side: customer, internal or planning; None while only time with customers is known."""
        if set(self.by_side) <= {"customer"}:
            return None
        return 100 * self.by_side.get(side, 0) / self.minutes

    def work(self, work: str) -> float | None:
        """Percent of the minutes on a kind of work, of those of which it is known; None without any."""
        known = sum(minutes for kind, minutes in self.by_work.items() if kind in WEEK)
        return 100 * self.by_work.get(work, 0) / known if known else None

    @property
    def verdict(self) -> str:
        """`little` when too little is known; else by the proactive share: `queue`, `short`, or `kept`."""
        proactive = self.proactive
        if self.minutes - self.untold < LEAST_MINUTES or proactive is None:
            return "little"
        return "queue" if proactive < QUEUE else "short" if proactive < PROACTIVE[0] else "kept"


def shares(spells: pl.DataFrame) -> Shares:
    """All of some spells (columns of `SCHEMA`) together.

    Minutes that are neither with a customer nor of a known initiative are our own choice of work and so count as proactive.
    """
    told = spells.with_columns(
        initiative=pl.when((pl.col("side") != "customer") & (pl.col("initiative") == ""))
        .then(pl.lit("proactive"))
        .otherwise(pl.col("initiative"))
    )
    return Shares(
        int(told["minutes"].sum()),
        int(told.filter("is_assumed")["minutes"].sum()),
        _by(told, "side"),
        _by(told, "initiative"),
        _by(told, "work"),
    )


def banded(spells: pl.DataFrame, changes: pl.DataFrame, standing: pl.DataFrame) -> pl.DataFrame:
    """The band of each spell's account on its day, as `band`: null where none was ever known, and without an account.

    `changes` has account_id, as_of, from_band, to_band; `standing` has account_id and band, which holds where nothing changed.
    """
    ordered = changes.sort("as_of", "account_id")
    rows = spells.sort("day").join_asof(
        ordered.select("account_id", day="as_of", before="to_band"),
        on="day",
        by="account_id",
        check_sortedness=False,
    )
    rows = rows.sort("day").join_asof(
        ordered.select("account_id", day=pl.col("as_of"), after="from_band"),
        on="day", by="account_id", strategy="forward", check_sortedness=False,
    )  # fmt: skip
    rows = rows.join(standing.select("account_id", now="band"), on="account_id", how="left")
    return rows.with_columns(band=pl.coalesce("before", "after", "now")).drop("before", "after", "now")


def _by(spells: pl.DataFrame, column: str) -> dict[str, int]:
    summed = spells.group_by(column).agg(pl.col("minutes").sum()).sort(column)
    return {key: int(minutes) for key, minutes in summed.iter_rows()}
