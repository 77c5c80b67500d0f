"""What was said of accounts on past days: what is said now, walked back over the changes that the ledger kept."""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl

from keepwell.ledger import frames, models

ATTRIBUTES = {
    "key": pl.String,
    "name": pl.String,
    "industry": pl.String,
    "country": pl.String,
    "tier": pl.String,
    "phase": pl.String,
    "since": pl.Date,
    "tags": pl.List(pl.String),
}
FIELD = "field."
CHANGES = {"account_id": pl.Int64, "feature": pl.String, "day": pl.Date, "before": pl.String}


def changes(*, names: Collection[str], until: datetime) -> pl.DataFrame:
    """Every change of these attributes before a moment: account_id, feature, day, before (JSON). One scan of the facts."""
    if not names:
        return pl.DataFrame(schema=CHANGES)
    told = frames.events(until=until, names=("account.changed",), kind="fact").to_native()
    rows: pl.DataFrame = (
        told.filter(pl.col("feature").is_in(sorted(names)))
        .sort("at", "known_at", "id")
        .select("account_id", "feature", day=pl.col("at").dt.date(), before="props")
        .collect()
    )
    return rows.with_columns(
        before=pl.col("before").map_elements(
            lambda props: json.dumps(json.loads(props)["from"]), return_dtype=pl.String
        )
    )


def on_days(asked: pl.DataFrame, *, names: Sequence[str], changes: pl.DataFrame) -> pl.DataFrame:
    """`asked` (account_id, as_of) with a column for each attribute: text, day or list; custom fields as JSON values.

    An attribute of a day is what the first later change says that it was before; without one it is what stands now.
    Empty text is null: it is not known. One query.
    """
    ids = asked["account_id"].unique().to_list()
    plain = [name for name in names if not name.startswith(FIELD)]
    rows = models.Account.objects.filter(pk__in=ids).values("pk", "fields", *plain)
    now = pl.DataFrame(
        [[row["pk"], *(_standing(row, name) for name in names)] for row in rows],
        schema={"account_id": pl.Int64, **dict.fromkeys(names, pl.String)},
        orient="row",
    )
    found = asked.join(now, on="account_id", how="left").sort("account_id", "as_of")
    for name in names:
        found = _walked_back(found, name, changes)
    return found.with_columns(_typed(name) for name in names)


def _standing(row: Any, name: str) -> str:
    value = row["fields"].get(name.removeprefix(FIELD)) if name.startswith(FIELD) else row[name]
    return json.dumps(value.isoformat() if isinstance(value, date) else value)


def _walked_back(found: pl.DataFrame, name: str, changes: pl.DataFrame) -> pl.DataFrame:
    later = changes.filter(pl.col("feature") == name).select("account_id", "day", _before="before")
    if later.is_empty():
        return found
    first = later.unique(["account_id", "day"], keep="first", maintain_order=True).sort("account_id", "day")
    joined = found.with_columns(_next=pl.col("as_of").dt.offset_by("1d")).join_asof(
        first, left_on="_next", right_on="day", by="account_id", strategy="forward", check_sortedness=False
    )
    return joined.with_columns(pl.coalesce("_before", name).alias(name)).drop("_next", "_before", "day")


def _typed(name: str) -> pl.Expr:
    """From JSON text to what the attribute is; custom fields stay JSON, their type is the reader's to know."""
    if name.startswith(FIELD):
        return pl.when(pl.col(name).is_in(["null", '""']).not_()).then(pl.col(name))
    kind = ATTRIBUTES[name]
    if kind == pl.List(pl.String):
        return pl.col(name).str.json_decode(pl.List(pl.String))
    text = pl.when(pl.col(name).is_in(["null", '""']).not_()).then(pl.col(name).str.json_decode(pl.String))
    return text.str.to_date("%Y-%m-%d").alias(name) if kind == pl.Date else text.alias(name)
