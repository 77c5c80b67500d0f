"""What conditions may ask about health: the stored score of a day."""

from collections.abc import Collection, Sequence

import polars as pl

from keepwell.health import models
from keepwell.health.formulas import weeks
from keepwell.hooks import specs
from keepwell.hooks.columns import Column, Columns
from keepwell.kernel import speech

CHANGE = "score.change"
BANDS = tuple(slug for slug, _ in models.BANDS)
STANDS, BEFORE, HELD = "standing.band", "standing.before", "standing.days"
STANDING = (STANDS, BEFORE, HELD)
NEVER = "none"
WORDS = (speech.later("Healthy"), speech.later("Watch"), speech.later("At risk"), speech.later("Unknown"))
KEYS = ["account_id", "as_of"]
_NAMES = {"score.points": "points", "score.band": "band", "score.known_weight": "known_weight"}


class Scores:
    """Points, band and known weight, as stored."""

    declared: Sequence[Column] = (
        Column("score.band", speech.later("Health"), "text", choices=BANDS, words=WORDS),
        Column("score.points", speech.later("Health score"), "number", "points"),
        Column("score.known_weight", speech.later("Known weight of the score"), "number", "%"),
        Column(CHANGE, speech.later("Health change"), "number", "points", windowed=True, change=True),
        Column(STANDS, speech.later("Band"), "text", choices=BANDS, words=WORDS),
        Column(
            BEFORE,
            speech.later("Band before"),
            "text",
            choices=(*BANDS, NEVER),
            words=(*WORDS, speech.later("None")),
        ),
        Column(HELD, speech.later("Days in the band"), "number", "days"),
    )

    def on_days(self, asked: pl.DataFrame, names: Collection[str]) -> pl.DataFrame:
        """One query, and one for each span over which a change is asked; a day without a score is unknown.

        Two more where it is asked where accounts stood, overrides included.
        """
        spans = {name: int(name.removeprefix(f"{CHANGE}@")) for name in names if name.startswith(CHANGE)}
        wanted = sorted({*names} - {*spans, *STANDING} | ({"score.points"} if spans else set()))
        found = (
            asked.join(_stored(asked, wanted), on=["account_id", "as_of"], how="left") if wanted else asked
        )
        if standing := [name for name in STANDING if name in names]:
            found = found.join(_stood(asked).select(*KEYS, *standing), on=KEYS, how="left")
        for name, days in sorted(spans.items()):
            found = _with_change(found, name, days)
        return found.drop([] if "score.points" in names else "score.points", strict=False)


def moved(asked: pl.DataFrame, moves: pl.DataFrame, bands: pl.DataFrame) -> pl.DataFrame:
    """Where accounts stood on days: account_id, as_of, and the columns of `STANDING`.

    `moves` are account_id, on, from_band and to_band in order; who never moved stands where `bands` (account_id, as_of,
    band) say, with no band before.
    """
    last = moves.group_by("account_id", "on", maintain_order=True).last().sort("on")
    rows = (
        asked.select(KEYS)
        .sort("as_of")
        .join_asof(
            last, left_on="as_of", right_on="on", by="account_id", check_sortedness=False, coalesce=False
        )
    )
    rows = rows.join(bands, on=KEYS, how="left")
    band = pl.coalesce("to_band", "band")
    return rows.select(
        *KEYS,
        band.alias(STANDS),
        pl.when(band.is_not_null()).then(pl.coalesce("from_band", pl.lit(NEVER))).alias(BEFORE),
        (pl.col("as_of") - pl.col("on")).dt.total_days().cast(pl.Float64).alias(HELD),
    )


def _stood(asked: pl.DataFrame) -> pl.DataFrame:
    """Two queries."""
    ids = asked["account_id"].unique().to_list()
    rows = models.BandChange.objects.filter(account__in=ids).order_by("pk")
    moves = pl.DataFrame(
        list(rows.values_list("account_id", "at__date", "from_band", "to_band")),
        schema={"account_id": pl.Int64, "on": pl.Date, "from_band": pl.String, "to_band": pl.String},
        orient="row",
    )
    bands = _stored(asked, ["score.band"]).rename({"score.band": "band"})
    return moved(asked, moves, bands)


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
