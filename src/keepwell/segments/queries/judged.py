"""Conditions judged for accounts on days."""

from collections.abc import Mapping, Sequence
from datetime import date

import narwhals as nw
import polars as pl

from keepwell.ledger.models import Account
from keepwell.metrics.conditions import frames, tree
from keepwell.metrics.conditions.tree import Condition
from keepwell.segments.queries import columns
from keepwell.segments.queries.columns import KEYS, Held

HOLDS = "holds:"


def answers(table: pl.DataFrame, condition: Condition) -> pl.DataFrame:
    """account_id, as_of, holds (null: cannot be told) of present customers; of all when the condition asks who left."""
    if "former" not in tree.subjects(condition):
        table = table.filter(~pl.col("former"))
    told = nw.from_native(table.lazy()).select(*KEYS, holds=frames.holds(condition))
    found: pl.DataFrame = told.collect().to_native()
    return found


def on_days(
    asked: pl.DataFrame, conditions: Mapping[str, Condition], *, held: Held | None = None
) -> pl.DataFrame:
    """`asked` (account_id, as_of) with a nullable truth for each condition, by its name after "holds:".

    The conditions rest on no segments (`vocabulary.plain`). For whoever judges many blocks `held` is read before.
    """
    read = held or columns.held(list(conditions.values()), days=asked["as_of"].unique().to_list())
    rows = nw.from_native(columns.table(asked, read).lazy())
    said = {f"{HOLDS}{name}": frames.holds(condition) for name, condition in conditions.items()}
    found: pl.DataFrame = rows.select(*KEYS, **said).collect().to_native()
    return found


def today(condition: Condition, *, account_ids: Sequence[int] | None, day: date) -> pl.DataFrame:
    """The table of a condition's columns on one day with `holds`, of some accounts or of all."""
    rows = Account.objects.filter(merged_into=None)
    chosen = rows if account_ids is None else rows.filter(pk__in=account_ids)
    ids = list(chosen.order_by("pk").values_list("pk", flat=True))
    asked = pl.DataFrame(
        {"account_id": ids, "as_of": [day] * len(ids)}, schema={"account_id": pl.Int64, "as_of": pl.Date}
    )
    if not ids:
        return asked.with_columns(holds=pl.lit(None, pl.Boolean), former=pl.lit(None, pl.Boolean))
    table = columns.table(asked, columns.held([condition], days=[day]))
    return table.join(answers(table, condition), on=KEYS)
