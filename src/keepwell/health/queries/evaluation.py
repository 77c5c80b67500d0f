"""Metric values judged by whichever version of the card was in force on their day."""

from collections.abc import Sequence
from datetime import date

import narwhals as nw
import polars as pl

from keepwell.health.formulas import encoding, scoring
from keepwell.health.queries.cards import InForce

COLUMNS = (
    "account_id",
    "version_id",
    "as_of",
    "points",
    "band",
    "parts",
    "known_weight",
    "low",
    "high",
)


def judged(values: pl.DataFrame, versions: Sequence[InForce]) -> pl.DataFrame:
    """One score with its parts for each account and day of the values, ordered by account and day."""
    ends: list[date | None] = [*(version.since for version in versions[1:]), None]
    by_version = [
        _judged(_between(values, version, end), version) for version, end in zip(versions, ends, strict=True)
    ]
    return pl.concat(by_version).sort("account_id", "as_of")


def _between(values: pl.DataFrame, version: InForce, end: date | None) -> pl.DataFrame:
    later = pl.col("as_of") >= version.since
    return values.filter(later if end is None else later & (pl.col("as_of") < end))


def _judged(values: pl.DataFrame, version: InForce) -> pl.DataFrame:
    parts = scoring.parts(nw.from_native(values.lazy()), version.card)
    scores = scoring.composite(parts, version.card)
    told = encoding.with_parts(scores.to_native(), parts.to_native(), version.card)
    return told.with_columns(version_id=pl.lit(version.version_id, pl.Int64)).select(*COLUMNS).collect()
