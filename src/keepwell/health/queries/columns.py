"""What conditions may ask about health: the stored score of a day."""

from collections.abc import Collection, Sequence

import polars as pl

from keepwell.health import models
from keepwell.health.formulas import weeks
from keepwell.hooks import specs
from keepwell.hooks.columns import Column, Columns

CHANGE = "score.change"
BANDS = tuple(slug for slug, _ in models.BANDS)
_NAMES = {"score.points": "points", "score.band": "band", "score.known_weight": "known_weight"}


class Scores:
    """Points, band and known weight, as stored."""

    declared: Sequence[Column] = (
        Column("score.band", "Health", "text", choices=BANDS),
        Column("score.points", "Health score", "number", "points"),
        Column("score.known_weight", "Known weight of the score", "number", "%"),
        Column(CHANGE, "Health change", "number", "points", windowed=True, change=True),
    )

    def on_days(self, asked: pl.DataFrame, names: Collection[str]) -> pl.DataFrame:
        """One query, and one for each span over which a change is asked; a day without a score is unknown."""
        spans = {name: int(name.removeprefix(f"{CHANGE}@")) for name in names if name.startswith(CHANGE)}
        wanted = sorted({*names} - {*spans} | ({"score.points"} if spans else set()))
        found = asked.join(_stored(asked, wanted), on=["account_id", "as_of"], how="left")
        for name, days in sorted(spans.items()):
            found = _with_change(found, name, days)
        return found.drop([] if "score.points" in names else "score.points", strict=False)


def _stored(asked: pl.DataFrame, wanted: Sequence[str]) -> pl.DataFrame:
    days, ids = asked["as_of"].unique().to_list(), asked["account_id"].unique().to_list()
    rows = models.Score.objects.filter(account__in=ids, as_of__in=days)
    kinds = {name: pl.String if name == "score.band" else pl.Float64 for name in wanted}
    return pl.DataFrame(
        list(rows.values_list("account_id", "as_of", *(_NAMES[name] for name in wanted))),
        schema={"account_id": pl.Int64, "as_of": pl.Date, **kinds},
        orient="row",
    )


def _with_change(found: pl.DataFrame, name: str, days: int) -> pl.DataFrame:
    """Against the day that `weeks.against` says."""
    pairs = {day: weeks.against(day, days) for day in found["as_of"].unique().to_list()}
    then = found.select("account_id", as_of=pl.col("as_of").replace_strict(pairs, return_dtype=pl.Date))
    before = _stored(then, ["score.points"]).rename({"as_of": "_then", "score.points": "_before"})
    joined = found.with_columns(_then=pl.col("as_of").replace_strict(pairs, return_dtype=pl.Date)).join(
        before, on=["account_id", "_then"], how="left"
    )
    return joined.with_columns((pl.col("score.points") - pl.col("_before")).alias(name)).drop(
        "_then", "_before"
    )


@specs.impl
def columns() -> Sequence[Columns]:
    """Its scores."""
    return (Scores(),)
