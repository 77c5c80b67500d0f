"""A health score of five parts for every account over the lake of `benchmarks.lake`, beside a bare Polars query.

Both give the same five numbers of each account and the score that follows. Ours also asks what was known at the moment, what
was taken back, and which account each person meant; so accounts that such events touch are left out of the comparison.
"""

import resource
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks import ground, history, lake

MOST_RATIO, MOST_MEMORY = 1.5, 1536
PARTS = {
    "active_people": (">= 5", "< 2"),
    "active_days": (">= 12", "< 4"),
    "feature_breadth": (">= 8", "< 3"),
    "usage_trend": (">= -10", "< -40"),
    "days_since_last_use": ("<= 7", "> 30"),
}
CARD: dict[str, Any] = {
    "least_known_percent": 10,
    "bands": {"green": ">= 75", "red": "< 50"},
    "parts": [
        {"measure": slug, "metric": slug, "label": slug, "weight": 20, "green": green, "red": red}
        for slug, (green, red) in PARTS.items()
    ],
}
DAY = pl.lit(lake.DAY)


def measure() -> Iterator[str]:
    """Each side in a process of its own, twice, the better of each; the lake must have been made by `benchmarks.lake`."""
    with ground.database(lake.folder()):
        runs = [(_part("ours"), _part("bare")) for _ in range(2)]
    same = _compared()
    ours, bare = (min((run[place] for run in runs), key=lambda part: part["cpu"]) for place in (0, 1))
    memory = max(run["memory"] for run, _ in runs)
    yield (
        f"health: a score of five parts for {ours['accounts']:,.0f} accounts over {lake.EVENTS:,} events, as known then: "
        f"{ours['cpu']:.1f} CPU seconds, a bare Polars query {bare['cpu']:.1f}: {ours['cpu'] / bare['cpu']:.2f} times "
        f"(limit {MOST_RATIO}); memory {memory:,.0f} MiB (limit {MOST_MEMORY:,}), bare {bare['memory']:,.0f}; "
        f"{same:,} accounts compared, all equal"
    )


def _part(name: str) -> ground.Figures:
    return ground.part("benchmarks.health", name, lake.folder(), EVENTS=str(lake.EVENTS))


def _kept(name: str) -> Path:
    return lake.folder() / f"five-parts-{name}.parquet"


def ours() -> pl.DataFrame:
    """Through the product: metrics as known then, judged by a card."""
    import narwhals as nw

    from keepwell.health import cards
    from keepwell.health.formulas import scoring
    from keepwell.kernel.moments import Grid
    from keepwell.ledger.models import Account
    from keepwell.metrics.queries import values

    card = cards.read(CARD)
    found = values.evaluate(metrics=list(PARTS), grid=Grid(last=lake.DAY), known_by=lake.KNOWN_BY)
    judged = scoring.parts(nw.from_native(found.lazy()), card)
    score = scoring.composite(judged, card).select("account_id", "points").to_native()
    keys = pl.LazyFrame(
        list(Account.objects.values_list("pk", "key")),
        schema={"account_id": pl.Int64, "account": pl.String},
        orient="row",
    )
    wide = found.pivot(on="metric", index="account_id", values="value").lazy()
    table: pl.DataFrame = (
        wide.join(score, on="account_id")
        .join(keys, on="account_id")
        .select("account", *PARTS, "points")
        .collect()
    )
    return table


def bare() -> pl.DataFrame:
    """What one would write by hand for these numbers, and nothing else."""
    from keepwell.ledger import lake as files

    events = pl.scan_parquet(files.snapshot().files).filter(
        (pl.col("kind") == "usage") & (pl.col("account") != "") & (pl.col("at") < lake.KNOWN_BY)
    )
    within, before = lake.KNOWN_BY - timedelta(days=28), lake.KNOWN_BY - timedelta(days=56)
    recent = events.filter(pl.col("at") >= within)
    people = recent.filter(pl.col("person") != "").select("account", "person").unique()
    days = recent.select("account", day=pl.col("at").dt.date()).unique()
    features = recent.filter(pl.col("feature") != "").select("account", "feature").unique()
    counts = (
        events.filter(pl.col("at") >= before)
        .group_by("account")
        .agg(
            now=(pl.col("at") >= within).sum().cast(pl.Float64),
            then=(pl.col("at") < within).sum().cast(pl.Float64),
        )
    )
    table = events.group_by("account").agg(last=pl.col("at").max())
    for name, things in (("active_people", people), ("active_days", days), ("feature_breadth", features)):
        table = table.join(
            things.group_by("account").agg(pl.len().cast(pl.Float64).alias(name)), on="account", how="left"
        )
    numbers = table.join(counts, on="account", how="left").with_columns(
        *(pl.col(name).fill_null(0.0) for name in list(PARTS)[:3]),
        usage_trend=pl.when(pl.col("then") > 0)
        .then((pl.col("now") - pl.col("then")) * 100 / pl.col("then"))
        .round(9),
        days_since_last_use=(DAY - pl.col("last").dt.date()).dt.total_days().cast(pl.Float64),
    )
    points = [_points(name, *edges) for name, edges in PARTS.items()]
    scored = numbers.with_columns(points=pl.mean_horizontal(*points, ignore_nulls=True).round(4))
    return scored.select("account", *PARTS, "points").collect(engine="streaming")


def _points(name: str, green: str, red: str) -> pl.Expr:
    (sign, edge), (other, end) = green.split(), red.split()
    value = pl.col(name)
    good = value >= float(edge) if sign == ">=" else value <= float(edge)
    bad = value < float(end) if other == "<" else value > float(end)
    return pl.when(value.is_not_null()).then(pl.when(good).then(100.0).when(bad).then(0.0).otherwise(50.0))


def _compared() -> int:
    """How many accounts that no visitor and no retraction touches have the same numbers; fails where one differs."""
    touched = [history.account_key(number) for number in range(history.LARGE.visitors)]
    left = pl.read_parquet(_kept("ours")).sort("account")
    taken_back = pl.read_parquet(_kept("taken-back"))["account"].to_list()
    untouched = ~pl.col("account").is_in([*touched, *taken_back])
    both = left.filter(untouched).join(
        pl.read_parquet(_kept("bare")).filter(untouched), on="account", suffix="_bare"
    )
    differing = both.filter(
        ~pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_bare")) for name in (*PARTS, "points"))
    )
    if differing.height:
        raise RuntimeError(f"{differing.height} accounts differ:\n{differing.head()}")
    return both.height


def _measured(name: str, answer: Callable[[], pl.DataFrame]) -> ground.Figures:
    begun, worked = time.monotonic(), time.process_time()
    table = answer()
    figures = {
        "accounts": table.height,
        "seconds": time.monotonic() - begun,
        "cpu": time.process_time() - worked,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    table.write_parquet(_kept(name))
    return figures


def _ours() -> ground.Figures:
    from keepwell.ledger.models import Retraction

    figures = _measured("ours", ours)
    keys = list(Retraction.objects.values_list("account", flat=True).distinct())
    pl.DataFrame({"account": keys}, schema={"account": pl.String}).write_parquet(_kept("taken-back"))
    return figures


def _bare() -> ground.Figures:
    return _measured("bare", bare)


if __name__ == "__main__":
    ground.answer({"ours": _ours, "bare": _bare})
