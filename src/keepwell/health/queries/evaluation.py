"""Metric values judged, on each day, by whichever card applies first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import narwhals as nw
import polars as pl

from keepwell.health.card import METRIC, Card
from keepwell.health.formulas import encoding, scoring
from keepwell.health.queries.cards import InForce, Span
from keepwell.kernel import plans
from keepwell.ledger.knowledge import NOW, Knowledge
from keepwell.metrics.conditions import frames
from keepwell.segments.queries import columns

KEYS = list(scoring.KEYS)
SCORES = {
    "account_id": pl.Int64, "version_id": pl.Int64, "as_of": pl.Date, "points": pl.Float64, "band": pl.String,
    "parts": pl.String, "known_weight": pl.Float64, "low": pl.Float64, "high": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What conditions need beside metric values, read once: `held`; and the metrics that they ask for, as subjects."""

    held: columns.Held
    metrics: tuple[str, ...]


def needed(spans: Sequence[Span]) -> frozenset[str]:
    """Every metric that the cards of these spans ask for."""
    return frozenset(slug for span in spans for version in span.versions for slug in version.card.metrics)


def facts(
    spans: Sequence[Span],
    *,
    days: Sequence[date],
    known: Knowledge = NOW,
    accounts: Collection[int] | None = None,
) -> Facts | None:
    """What the conditions of these spans need on these days; None when there are none. A few scans of the facts."""
    judging = [version.card for span in spans for version in span.versions]
    return of_cards(judging, days=days, known=known, accounts=accounts)


def of_cards(
    cards: Sequence[Card],
    *,
    days: Sequence[date],
    known: Knowledge = NOW,
    accounts: Collection[int] | None = None,
) -> Facts | None:
    """What the conditions of some cards need on these days, as known now or then, perhaps of some accounts only.

    None when there are no conditions.
    """
    conditions = [condition for card in cards for condition in card.conditions]
    if not conditions or not days:
        return None
    held = columns.held(conditions, days=days, known=known, accounts=accounts)
    metrics = sorted({leaf.column for leaf in held.leaves if leaf.column.startswith(METRIC)})
    others = tuple(leaf for leaf in held.leaves if not leaf.column.startswith(METRIC))
    return Facts(replace(held, leaves=others), tuple(metrics))


def table(values: pl.DataFrame, facts: Facts | None) -> pl.DataFrame:
    """Each account and day of metric values once, with every column that conditions ask for; metrics are those given."""
    asked = values.select(KEYS).unique()
    if facts is None:
        return asked
    rows = columns.table(asked, facts.held)
    for column in facts.metrics:
        measured = values.filter(pl.col("metric") == column.removeprefix(METRIC))
        rows = rows.join(measured.select(*KEYS, pl.col("value").alias(column)), on=KEYS, how="left")
    return rows


def judged(values: pl.DataFrame, spans: Sequence[Span], *, facts: Facts | None) -> pl.DataFrame:
    """One score with its parts for each account and day of the values that a card applies to, by account and day."""
    ends: list[date | None] = [*(span.since for span in spans[1:]), None]
    asked = table(values, facts)
    scores = [
        score
        for span, end in zip(spans, ends, strict=True)
        for score in _of_span(_between(values, span, end), span.versions, asked)
    ]
    return pl.concat([pl.DataFrame(schema=SCORES), *scores]).sort("account_id", "as_of")


def applicable(asked: pl.DataFrame, versions: Sequence[InForce]) -> pl.DataFrame:
    """For each account and day of a `table` whether each version applies, null where it cannot be told: "0", "1" …"""
    places = {str(place): _holds(version.card) for place, version in enumerate(versions)}
    return nw.from_native(asked).with_columns(**places).select(*KEYS, *places).to_native()


def scored(values: pl.DataFrame, asked: pl.DataFrame, version: InForce) -> pl.DataFrame:
    """One score for each account and day of the values, all judged by one version."""
    card = version.card
    given = {"values": values} | ({"asked": asked} if card.excepted_by else {})
    found = plans.answered(_scored, given, card)["scores"]
    return found.with_columns(version_id=pl.lit(version.version_id, pl.Int64)).select(*SCORES)


def _scored(tables: Mapping[str, scoring.Frame], card: Card) -> dict[str, scoring.Frame]:
    parts = scoring.parts(tables["values"], card, tables.get("asked"))
    scores = scoring.composite(parts, card)
    return {
        "scores": nw.from_native(encoding.with_parts(scores.to_native(), parts.to_native(), card)),
    }


def _of_span(values: pl.DataFrame, versions: Sequence[InForce], asked: pl.DataFrame) -> list[pl.DataFrame]:
    if values.is_empty() or not versions:
        return []
    if versions[0].card.applies is None:
        return [scored(values, asked, versions[0])]
    rows = asked.join(values.select(KEYS).unique(), on=KEYS)
    chosen = values.join(applicable(rows, versions).select(*KEYS, card=_first(len(versions))), on=KEYS)
    slices = [chosen.filter(pl.col("card") == place).drop("card") for place in range(len(versions))]
    return [
        scored(slice_, asked, version)
        for slice_, version in zip(slices, versions, strict=True)
        if slice_.height
    ]


def _first(count: int) -> pl.Expr:
    """The place of the first version that applies; null for none."""
    holds = [pl.col(str(place)).fill_null(value=False) for place in range(count)]
    return pl.coalesce(pl.when(held).then(pl.lit(place)) for place, held in enumerate(holds))


def _holds(card: Card) -> nw.Expr:
    return nw.lit(True) if card.applies is None else frames.holds(card.applies)


def _between(values: pl.DataFrame, span: Span, end: date | None) -> pl.DataFrame:
    later = pl.col("as_of") >= span.since
    return values.filter(later if end is None else later & (pl.col("as_of") < end))
