"""The paths of accounts through the bands, computed from scores, overrides, terms and owners, as frames."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
from django.contrib.postgres.aggregates import ArrayAgg

from keepwell.health import models
from keepwell.health.formulas import portfolio
from keepwell.hooks import registry
from keepwell.kernel.moments import end_of
from keepwell.ledger.models import Account, Ownership
from keepwell.ledger.queries import rates, terms

SCHEMA = {
    "account_id": pl.Int64, "owners": pl.String, "bands": pl.String, "arrs": pl.String, "renews": pl.Date,
    "cadence": pl.String, "known": pl.String, "card": pl.String, "scored": pl.String, "blind": pl.Float64,
}  # fmt: skip
KEYS = ["account_id", "as_of"]
KEPT = ("owners", "bands", "arrs", "renews", "cadence", "known", "card", "scored", "blind")
WHOLE = 100.0
NOBODY = pl.lit("{}")


def definition(*, as_of: date) -> dict[str, Any]:
    """What paths depend on besides facts and owners: how health is judged, currencies, how often to meet."""
    extent = models.Extent.objects.values_list("as_of", "definition", "beginnings").first()
    known = rates.on(as_of, into=rates.reporting())
    worth = [known.into, *(f"{code} {unit}" for code, unit in sorted(known.units.items()))]
    rhythms = registry.rhythms()
    return {
        "judging": None if extent is None else [extent[0].isoformat(), *extent[1:]],
        "worth": worth,
        "cadence": None if rhythms is None else rhythms.definition(),
    }


def frame(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Stored paths as they are computed: owners and ARR as PostgreSQL writes lists."""
    told = [{**row, "owners": _text(row["owners"]), "arrs": _text(row["arrs"])} for row in rows]
    return pl.DataFrame(told, schema=SCHEMA)


def listed(paths: pl.DataFrame) -> pl.DataFrame:
    """The ARR of paths as lists of numbers; NULL is null."""
    arrs = pl.col("arrs").str.strip_chars("{}").str.split(",")
    return paths.with_columns(arrs=arrs.list.eval(pl.element().cast(pl.Float64, strict=False)))


def _text(values: Sequence[Any]) -> str:
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


def signed(*, as_of: date, accounts: Collection[int] | None = None) -> terms.Terms:
    """What some accounts or all had signed when. One scan of the facts."""
    return terms.spans(until=end_of(as_of), accounts=accounts)


def computed(
    *, account_ids: Sequence[int], as_of: date, stood: pl.DataFrame, said: terms.Terms | None
) -> pl.DataFrame:
    """The paths of accounts, in the columns of their table.

    Of those in `stood` the ARR of past days is taken from there, of the others from what they had signed (`said`, None: look).
    Six queries; one scan of the facts if there are such others.
    """
    grid = portfolio.days(as_of)
    accounts = _accounts(account_ids)
    ids = accounts["account_id"].to_list()
    asked = pl.DataFrame({"account_id": ids}).join(pl.DataFrame({"as_of": grid}), how="cross")
    told = asked.join(_worth(asked, stood, grid, said), on=KEYS, how="left").join(
        _scores(ids, grid), on=KEYS, how="left"
    )
    told = _overridden(told, ids).join(accounts, on="account_id")
    today = pl.col("as_of") == as_of
    gone = pl.when(today).then("former_now").otherwise(pl.col("former").fill_null(value=False))
    letter = pl.col("band").replace_strict(portfolio.LETTERS, default=portfolio.ABSENT)
    told = told.with_columns(
        scored=pl.col("scored").replace_strict(portfolio.LETTERS, default=""),
        letter=pl.when(gone).then(pl.lit(portfolio.LEFT)).otherwise(letter),
        arr=pl.when(today).then("arr_now").otherwise("arr"),
    ).sort(KEYS)
    wide = told.group_by("account_id", maintain_order=True).agg(
        owners=pl.col("owners").first(),
        bands=pl.col("letter").str.join(""),
        arrs=pl.col("arr").cast(pl.String).fill_null("NULL").str.join(","),
        points=pl.col("points").last(),
        **{
            f"change_{weeks}": (
                pl.col("points").last() - pl.col("points").get(portfolio.place(as_of, weeks))
            ).round(4)
            for weeks in portfolio.PERIODS
        },
        renews=pl.col("renews").first(),
        known_weight=pl.col("known_weight").last(),
        card=pl.col("card").last(),
        scored=pl.col("scored").last(),
        worth=pl.col("arr").last(),
    )
    now = pl.col("bands").str.tail(1)
    absent = now.is_in([portfolio.ABSENT, portfolio.LEFT])
    judged = ~absent & pl.col("card").is_not_null()
    blind = pl.when(judged).then(WHOLE - pl.col("known_weight"))
    return wide.select(
        "account_id", "owners", "bands", pl.concat_str(pl.lit("{"), "arrs", pl.lit("}")).alias("arrs"), "points",
        *(pl.when(~absent).then(f"change_{weeks}").alias(f"change_{weeks}") for weeks in portfolio.PERIODS),
        "renews",
        cadence=_cadence(wide.select("account_id", letter=now), as_of),
        known=portfolio.knowledge(pl.col("known_weight")),
        card=pl.when(judged).then("card").otherwise(pl.lit("")),
        scored=pl.when(judged).then("scored").otherwise(pl.lit("")),
        blind=blind,
        stake=portfolio.stake(pl.col("worth"), blind),
    )  # fmt: skip


def _accounts(account_ids: Sequence[int]) -> pl.DataFrame:
    owners = dict(
        Ownership.objects.filter(until=None, account__in=account_ids)
        .values_list("account")
        .annotate(ids=ArrayAgg("user", distinct=True, order_by="user"))
    )
    rows = Account.objects.filter(pk__in=account_ids).values_list(
        "pk", "arr_reporting", "renewal_date", "former"
    )
    return pl.DataFrame(
        [
            (pk, _text(owners.get(pk, ())), None if arr is None else float(arr), renews, former)
            for pk, arr, renews, former in rows
        ],
        schema={
            "account_id": pl.Int64, "owners": pl.String, "arr_now": pl.Float64, "renews": pl.Date,
            "former_now": pl.Boolean,
        },
        orient="row",
    )  # fmt: skip


def _cadence(found: pl.DataFrame, as_of: date) -> pl.Series:
    """kept, late, unknown or unasked, as whoever declares the cadence says it; nobody does: unknown."""
    rhythms = registry.rhythms()
    bands = {pk: portfolio.BANDS.get(letter, "none") for pk, letter in found.iter_rows()}
    told = {} if rhythms is None else rhythms.states(bands=bands, as_of=as_of)
    states = [told.get(pk, "unknown") for pk in found["account_id"]]
    return pl.Series("cadence", states, dtype=pl.String)


def _scores(account_ids: Sequence[int], grid: Sequence[date]) -> pl.DataFrame:
    rows = models.Score.objects.filter(account__in=account_ids, as_of__in=grid)
    found = pl.DataFrame(
        list(rows.values_list("account_id", "as_of", "points", "band", "known_weight", "version")),
        schema={
            "account_id": pl.Int64, "as_of": pl.Date, "points": pl.Float64, "band": pl.String, "known_weight": pl.Float64,
            "version": pl.Int64,
        },
        orient="row",
    )  # fmt: skip
    cards = {pk: str(card) for pk, card in models.ScorecardVersion.objects.values_list("pk", "scorecard")}
    card = pl.col("version").replace_strict(cards, default=None, return_dtype=pl.String)
    return found.with_columns(scored="band", card=card)


def _overridden(told: pl.DataFrame, account_ids: Sequence[int]) -> pl.DataFrame:
    """The override that held at the end of a day stands above the score of it."""
    rows = models.Override.objects.filter(account__in=account_ids).values_list(
        "account_id", "band", "points", "made_at", "ended_at"
    )
    held = [
        (account, day, points, band)
        for account, band, points, made, ended in rows
        for day in told["as_of"].unique().to_list()
        if made < end_of(day) and (ended is None or ended >= end_of(day))
    ]
    schema = {"account_id": pl.Int64, "as_of": pl.Date, "points_held": pl.Float64, "band_held": pl.String}
    over = pl.DataFrame(held, schema=schema, orient="row")
    is_held = pl.col("band_held").is_not_null()
    return told.join(over, on=KEYS, how="left").with_columns(
        band=pl.coalesce("band_held", "band"),
        points=pl.when(is_held).then("points_held").otherwise("points"),
    )


def _worth(
    asked: pl.DataFrame, stood: pl.DataFrame, grid: Sequence[date], said: terms.Terms | None
) -> pl.DataFrame:
    """ARR and whether they had left, on each day: as it stood, or by the terms of the ledger."""
    rows = listed(stood).select(
        "account_id", as_of=pl.lit(list(grid)), arr="arrs", letter=pl.col("bands").str.split("")
    )
    was = rows.explode("as_of", "arr", "letter")
    kept = was.select(*KEYS, "arr", former=pl.col("letter") == portfolio.LEFT)
    new = asked.join(stood, on="account_id", how="anti")
    if new.is_empty():
        return kept
    told = said or signed(as_of=grid[-1], accounts=new["account_id"].unique().to_list())
    return pl.concat([kept, terms.on_days(new, terms=told, day=grid[-1]).select(*KEYS, "arr", "former")])
