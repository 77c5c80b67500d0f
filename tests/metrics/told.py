"""Facts told in tests, as plain tuples; and as the frames that the formulas read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import duckdb
import narwhals as nw
import polars as pl

from keepwell.metrics.catalogue import METRICS, Metric
from keepwell.metrics.formulas import condensing, daily, evaluation
from keepwell.metrics.formulas.calendar import Frame
from keepwell.metrics.formulas.reach import DUE, Reach, column

LEAP = date(2024, 2, 29)
MOMENT = pl.Datetime("us", "UTC")
KEPT = tuple(metric for metric in METRICS.values() if metric.kept)
CORE = {"core_feature_adoption": {"features": ["export", "share", "report"]}}


class Usage(NamedTuple):
    """A tracked use of the product."""

    account_id: int
    person: str
    feature: str
    at: datetime
    known_at: datetime
    name: str = "page.viewed"
    value: float | None = None
    gone_at: datetime | None = None


class Business(NamedTuple):
    """A catalogued business event."""

    account_id: int
    id: str
    person: str
    name: str
    feature: str
    value: float | None
    at: datetime
    known_at: datetime
    gone_at: datetime | None = None
    props: Mapping[str, str | None] = MappingProxyType({})


class Contract(NamedTuple):
    """What a contract event says."""

    account_id: int
    contract: str
    at: datetime
    known_at: datetime
    seats: int | None
    start_date: date
    end_date: date | None
    arr: float | None = None
    currency: str = "EUR"
    gone_at: datetime | None = None


@dataclass(frozen=True)
class Told:
    """All facts of a test."""

    usage: Sequence[Usage] = ()
    business: Sequence[Business] = ()
    contracts: Sequence[Contract] = field(default=())


SCHEMAS: dict[type, dict[str, Any]] = {
    Usage: {
        "account_id": pl.Int64,
        "person": pl.String,
        "feature": pl.String,
        "at": MOMENT,
        "known_at": MOMENT,
        "name": pl.String,
        "value": pl.Float64,
        "gone_at": MOMENT,
    },
    Business: {
        "account_id": pl.Int64,
        "id": pl.String,
        "person": pl.String,
        "name": pl.String,
        "feature": pl.String,
        "value": pl.Float64,
        "at": MOMENT,
        "known_at": MOMENT,
        "gone_at": MOMENT,
    },
    Contract: {
        "account_id": pl.Int64,
        "contract": pl.String,
        "at": MOMENT,
        "known_at": MOMENT,
        "seats": pl.Int64,
        "start_date": pl.Date,
        "end_date": pl.Date,
        "arr": pl.Float64,
        "currency": pl.String,
        "gone_at": MOMENT,
    },
}


def polars(frame: pl.DataFrame) -> Frame:
    """On Polars, lazily."""
    return nw.from_native(frame.lazy())


def duck(frame: pl.DataFrame) -> Frame:
    """On a SQL engine, lazily."""
    duckdb.execute("SET TimeZone = 'UTC'")
    return nw.from_native(duckdb.from_arrow(frame.to_arrow()))


def facts(told: Told, reach: Reach, engine: Callable[[pl.DataFrame], Frame] = polars) -> condensing.Facts:
    """The frames on an engine, with the properties that the reach asks for."""
    usage, contracts = (
        pl.DataFrame(list(rows), schema=SCHEMAS[kind], orient="row")
        for kind, rows in ((Usage, told.usage), (Contract, told.contracts))
    )
    usage = usage.with_columns(
        pl.col("account_id").cast(pl.String).alias("account"), kind=pl.lit("usage"), source=pl.lit("tests")
    ).drop("account_id")
    business = _business(told.business, reach).with_columns(kind=pl.lit("fact"), source=pl.lit("tests"))
    facts = [engine(_counted(frame, reach)) for frame in (usage, business, business, contracts)]
    return condensing.Facts(*facts, rates=engine(_rates(reach)))


def unit(currency: str, day: date) -> float | None:
    """What a currency is worth in the reporting one, euros: dollars from the leap day on, and more from March on."""
    if currency == "EUR":
        return 1.0
    return None if day < LEAP else 0.9 if day.month == 2 else 0.95


def _rates(reach: Reach) -> pl.DataFrame:
    rows = [(day.toordinal(), code, unit(code, day)) for day in reach.priced for code in ("EUR", "USD")]
    schema = {"day": pl.Int64, "currency": pl.String, "unit": pl.Float64}
    return pl.DataFrame([row for row in rows if row[2] is not None], schema=schema, orient="row")


def _counted(frame: pl.DataFrame, reach: Reach) -> pl.DataFrame:
    """What was known by the moment and not taken back, as the ledger cuts it; or with when it counted."""
    if reach.as_known_then:
        return frame.with_columns(seen_at=pl.col("known_at"))
    stays = pl.col("gone_at").is_null()
    if reach.known_by is not None:
        stays = (stays | (pl.col("gone_at") >= reach.known_by)) & (pl.col("known_at") < reach.known_by)
    return frame.filter(stays).drop("gone_at")


def _business(rows: Sequence[Business], reach: Reach) -> pl.DataFrame:
    plain = pl.DataFrame([row[:-1] for row in rows], schema=SCHEMAS[Business], orient="row")
    said = {
        column(name): pl.Series([row.props.get(name) for row in rows], dtype=pl.String)
        for name in reach.properties
    }
    with_terms = plain.with_columns(**said)
    return with_terms.with_columns(pl.col(DUE).str.to_date(strict=False)) if DUE in said else with_terms


def meant(frame: Frame) -> Frame:
    """A raw key is the account's number."""
    return frame.with_columns(account_id=nw.col("account").cast(nw.Int64))


def evaluated(
    told: Told,
    days: Sequence[date],
    *,
    metrics: Sequence[Metric] = KEPT,
    known_by: datetime | None = None,
    parameters: evaluation.Parameters = CORE,
    engine: Callable[[pl.DataFrame], Frame] = polars,
    only: Sequence[int] | None = None,
    as_known_then: bool = False,
) -> pl.DataFrame:
    """What the formulas answer, ordered."""
    reach = evaluation.reach(
        metrics, days, parameters=parameters, known_by=known_by, as_known_then=as_known_then
    )
    facts_ = facts(told, reach, engine)
    few = condensing.Condensed(**_held(condensing.condensed(facts_, reach), engine))
    rows = daily.Daily(**_held(daily.reduced(few, reach, meant=meant), engine))
    rows = rows if only is None else rows.only(only)
    wide = engine(evaluation.wide(evaluation.leaves(metrics), rows, reach).collect("polars").to_native())
    answers = evaluation.evaluated(metrics, wide, reach)
    native: pl.DataFrame = answers.collect("polars").to_native()
    return native.sort("account_id", "as_of", "metric")


def _held(
    rows: condensing.Condensed | daily.Daily, engine: Callable[[pl.DataFrame], Frame]
) -> dict[str, Frame]:
    """The frames computed once, as the engines hold them."""
    names = [each.name for each in fields(rows)]
    return {name: engine(getattr(rows, name).collect("polars").to_native()) for name in names}


def answer(told: Told, metric: str, day: date, **given: Any) -> tuple[float | None, str | None]:
    """Value and reason of one metric of account 1 on one day."""
    rows = evaluated(told, [day], metrics=[METRICS[metric]], **given).filter(pl.col("account_id") == 1)
    value, reason = rows.select("value", "reason").row(0)
    return value, reason
