"""What was said of accounts on past days: what is said now, walked back over the changes that the ledger kept."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from keepwell.kernel.moments import DAY, LATEST, end_of
from keepwell.ledger import knowledge, models
from keepwell.ledger.knowledge import NOW, Knowledge

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
CHANGED, CREATED = "account.changed", "account.created"
CHANGES = {"key": pl.String, "feature": pl.String, "day": pl.Date, "before": pl.String}


@dataclass(frozen=True)
class Changes:
    """Every change of some attributes: key (of the account), feature, day (from which it counts), before (JSON), in order.

    `created` has the day from which each account is known: key, known_on; None where all is asked as known now.
    """

    rows: pl.DataFrame
    created: pl.DataFrame | None


def changes(
    *, names: Collection[str], known: Knowledge = NOW, accounts: Collection[int] | None = None
) -> Changes:
    """What is needed to walk these attributes back, of some accounts or all. One scan of the facts.

    Also the changes after the asked days are read: what stands now is where the walk begins. A change that was not known
    on a day, or by the moment asked, has not happened yet there.
    """
    asked = known if known.each_day else NOW
    wanted = (CHANGED,) if known == NOW else (CHANGED, CREATED)
    if not names:
        return Changes(pl.DataFrame(schema=CHANGES), None)
    told = knowledge.told(asked, until=end_of(LATEST - DAY), names=wanted, kind="fact")
    if accounts is not None:
        keys = models.Account.objects.filter(pk__in=accounts).values_list("key", flat=True)
        told = told.filter(pl.col("account").is_in(list(keys)))
    own = (pl.col("name") == CREATED) | pl.col("feature").is_in(sorted(names))
    counts = pl.col("_from")
    if known.by is not None:
        counts = pl.when(pl.col("known_at") < known.by).then(counts).otherwise(pl.lit(LATEST))
    order = ("_from", "known_at", "at", "id") if known.each_day else ("at", "known_at", "id")
    rows = (
        told.filter(own).sort(order).select("name", "feature", "props", key="account", day=counts).collect()
    )
    born = rows.filter(pl.col("name") == CREATED).group_by("key").agg(known_on=pl.col("day").min())
    said = rows.filter(pl.col("name") == CHANGED).with_columns(
        before=pl.col("props").map_elements(_before, return_dtype=pl.String)
    )
    return Changes(
        said.filter(pl.col("before").is_not_null()).select(*CHANGES), None if known == NOW else born
    )


def _before(props: str) -> str | None:
    """What an attribute was, as JSON; None from an event that does not say."""
    said = json.loads(props)
    return json.dumps(said["from"]) if isinstance(said, dict) and "from" in said else None


def on_days(asked: pl.DataFrame, *, names: Sequence[str], changes: Changes) -> pl.DataFrame:
    """`asked` (account_id, as_of) with a column for each attribute: text, day or list; custom fields as JSON values.

    An attribute of a day is what the first later change says that it was before; without one it is what stands now.
    Empty text is null: it is not known; and nothing is known of an account before it is known itself. One query.
    """
    ids = asked["account_id"].unique().to_list()
    plain = [name for name in names if not name.startswith(FIELD) and name != "key"]
    rows = models.Account.objects.filter(pk__in=ids).values("pk", "fields", "key", *plain)
    now = pl.DataFrame(
        [[row["pk"], row["key"], *(_standing(row, name) for name in names)] for row in rows],
        schema={"account_id": pl.Int64, "_key": pl.String, **dict.fromkeys(names, pl.String)},
        orient="row",
    )
    found = asked.join(now, on="account_id", how="left").sort("_key", "as_of")
    for name in names:
        found = _walked_back(found, name, changes.rows)
    if changes.created is not None:
        found = found.join(changes.created, left_on="_key", right_on="key", how="left")
        is_known = (pl.col("known_on") <= pl.col("as_of")).fill_null(value=False)
        found = found.with_columns(pl.when(is_known).then(pl.col(name)) for name in names).drop("known_on")
    return found.drop("_key").with_columns(_typed(name) for name in names)


def _standing(row: Any, name: str) -> str:
    value = row["fields"].get(name.removeprefix(FIELD)) if name.startswith(FIELD) else row[name]
    return json.dumps(value.isoformat() if isinstance(value, date) else value)


def _walked_back(found: pl.DataFrame, name: str, changes: pl.DataFrame) -> pl.DataFrame:
    later = changes.filter(pl.col("feature") == name).select("key", "day", _before="before")
    if later.is_empty():
        return found
    first = later.unique(["key", "day"], keep="first", maintain_order=True).sort("key", "day")
    joined = found.with_columns(_next=pl.col("as_of").dt.offset_by("1d")).join_asof(
        first, left_on="_next", right_on="day", by_left="_key", by_right="key", strategy="forward",
        check_sortedness=False,
    )  # fmt: skip
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
