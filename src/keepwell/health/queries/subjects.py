"""The facts about accounts that conditions of scorecards ask for, by account and day."""

from collections.abc import Collection
from typing import Any

import polars as pl

from keepwell.health.subjects import FIELD, METRIC
from keepwell.kernel.cells import as_cell
from keepwell.ledger.models import Account

_KEYS = ["account_id", "as_of"]
_COLUMNS: dict[str, tuple[str, Any]] = {
    "key": ("key", pl.String),
    "industry": ("industry", pl.String),
    "country": ("country", pl.String),
    "tier": ("tier", pl.String),
    "phase": ("phase", pl.String),
    "tags": ("tags", pl.List(pl.String)),
    "arr": ("arr_reporting", pl.Float64),
    "since": ("since", pl.Date),
    "renewal_date": ("renewal_date", pl.Date),
}


def own(asks: Collection[str]) -> list[str]:
    """Of the asked columns those that accounts state themselves, not metrics."""
    return sorted(column for column in asks if not column.startswith(METRIC))


def stated(asks: Collection[str], *, accounts: Collection[int] | None = None) -> pl.DataFrame:
    """What accounts state now: account_id and the asked columns; an empty text is unknown. One query."""
    columns = own(asks)
    found = Account.objects.order_by("pk")
    if accounts is not None:
        found = found.filter(pk__in=accounts)
    names = [_COLUMNS[column][0] if column in _COLUMNS else "fields" for column in columns]
    rows = [
        (row[0], *(_value(column, value) for column, value in zip(columns, row[1:], strict=True)))
        for row in found.values_list("pk", *names)
    ]
    schema = {column: _COLUMNS[column][1] if column in _COLUMNS else pl.String for column in columns}
    return pl.DataFrame(rows, schema={"account_id": pl.Int64, **schema}, orient="row")


def of(values: pl.DataFrame, asks: Collection[str]) -> pl.DataFrame | None:
    """The asked columns for each account and day of metric values; None when nothing is asked."""
    if not asks:
        return None
    asked = values.select(_KEYS).unique()
    stands = stated(asks, accounts=asked["account_id"].unique().to_list())
    rows = asked.join(stands, on="account_id", how="left")
    for column in sorted(set(asks) - set(own(asks))):
        measured = values.filter(pl.col("metric") == column.removeprefix(METRIC))
        rows = rows.join(measured.select(*_KEYS, pl.col("value").alias(column)), on=_KEYS, how="left")
    return rows


def _value(column: str, value: Any) -> Any:
    if column.startswith(FIELD):
        found = value.get(column.removeprefix(FIELD))
        return None if found in (None, "") else as_cell(found)
    if column == "arr":
        return None if value is None else float(value)
    return None if value == "" else value


