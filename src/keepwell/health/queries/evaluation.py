"""Metric values judged, on each day, by whichever card applies first."""

from collections.abc import Sequence
from datetime import date

import narwhals as nw
import polars as pl

from keepwell.health.card import Card
from keepwell.health.formulas import encoding, scoring
from keepwell.health.queries import subjects
from keepwell.health.queries.cards import InForce, Span
from keepwell.metrics.conditions import frames

KEYS = list(scoring.KEYS)
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
_SCHEMA = {
    "account_id": pl.Int64, "version_id": pl.Int64, "as_of": pl.Date, "points": pl.Float64, "band": pl.String,
    "parts": pl.String, "known_weight": pl.Float64, "low": pl.Float64, "high": pl.Float64,
}  # fmt: skip


def needed(spans: Sequence[Span]) -> frozenset[str]:
    """Every metric that the cards of these spans ask for."""
    return frozenset(slug for span in spans for version in span.versions for slug in version.card.metrics)


def asked(spans: Sequence[Span]) -> frozenset[str]:
    """Every fact about accounts that the conditions of these spans ask for."""
    return frozenset(column for span in spans for version in span.versions for column in version.card.asks)


def judged(values: pl.DataFrame, spans: Sequence[Span]) -> pl.DataFrame:
    """One score with its parts for each account and day of the values that a card applies to, by account and day."""
    ends: list[date | None] = [*(span.since for span in spans[1:]), None]
    scores = [
        score
        for span, end in zip(spans, ends, strict=True)
        for score in _of_span(_between(values, span, end), span.versions)
    ]
    return pl.concat([pl.DataFrame(schema=_SCHEMA), *scores]).sort("account_id", "as_of")


def applicable(values: pl.DataFrame, versions: Sequence[InForce]) -> pl.DataFrame:
    """For each account and day of the values and each version in order whether it applies: columns "0", "1" …"""
    facts = subjects.of(values, {column for version in versions for column in version.card.chosen_by})
    rows = values.select(KEYS).unique() if facts is None else facts
    found = nw.from_native(rows).with_columns(
        **{str(place): _holds(version.card) for place, version in enumerate(versions)}
    )
    return found.to_native().select(*KEYS, *(str(place) for place in range(len(versions))))


def scored(values: pl.DataFrame, version: InForce) -> pl.DataFrame:
    """One score for each account and day of the values, all judged by one version."""
    card = version.card
    facts = subjects.of(values, card.excepted_by)
    lazy = None if facts is None else nw.from_native(facts.lazy())
    parts = scoring.parts(nw.from_native(values.lazy()), card, lazy)
    scores = scoring.composite(parts, card)
    told = encoding.with_parts(scores.to_native(), parts.to_native(), card)
    return told.with_columns(version_id=pl.lit(version.version_id, pl.Int64)).select(*COLUMNS).collect()


def _of_span(values: pl.DataFrame, versions: Sequence[InForce]) -> list[pl.DataFrame]:
    if values.is_empty() or not versions:
        return []
    if versions[0].card.applies is None:
        return [scored(values, versions[0])]
    applies = applicable(values, versions)
    first = applies.select(*KEYS, card=_first(len(versions)))
    chosen = values.join(first, on=KEYS)
    slices = [(version, chosen.filter(pl.col("card") == place)) for place, version in enumerate(versions)]
    return [scored(rows.drop("card"), version) for version, rows in slices if rows.height]


def _first(count: int) -> pl.Expr:
    """The place of the first version that applies; null for none."""
    found = [pl.when(pl.col(str(place)).fill_null(False)).then(place) for place in range(count)]
    return pl.coalesce(found)


def _holds(card: Card) -> nw.Expr:
    return nw.lit(True) if card.applies is None else frames.holds(card.applies)


def _between(values: pl.DataFrame, span: Span, end: date | None) -> pl.DataFrame:
    later = pl.col("as_of") >= span.since
    return values.filter(later if end is None else later & (pl.col("as_of") < end))
