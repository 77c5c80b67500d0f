"""What conditions may ask about health: the stored score of a day."""

from collections.abc import Collection, Sequence

import polars as pl

from keepwell.health import models
from keepwell.hooks import specs
from keepwell.hooks.columns import Column, Columns

BANDS = tuple(slug for slug, _ in models.BANDS)
_NAMES = {"score.points": "points", "score.band": "band", "score.known_weight": "known_weight"}


class Scores:
    """Points, band and known weight, as stored."""

    declared: Sequence[Column] = (
        Column("score.band", "Health", "text", choices=BANDS),
        Column("score.points", "Health score", "number", "points"),
        Column("score.known_weight", "Known weight of the score", "number", "%"),
    )

    def on_days(self, asked: pl.DataFrame, names: Collection[str]) -> pl.DataFrame:
        """One query; a day without a score is unknown."""
        wanted = sorted(names)
        days, ids = asked["as_of"].unique().to_list(), asked["account_id"].unique().to_list()
        rows = models.Score.objects.filter(account__in=ids, as_of__in=days)
        kinds = {name: pl.String if name == "score.band" else pl.Float64 for name in wanted}
        found = pl.DataFrame(
            list(rows.values_list("account_id", "as_of", *(_NAMES[name] for name in wanted))),
            schema={"account_id": pl.Int64, "as_of": pl.Date, **kinds},
            orient="row",
        )
        return asked.join(found, on=["account_id", "as_of"], how="left")


@specs.impl
def columns() -> Sequence[Columns]:
    """Its scores."""
    return (Scores(),)
