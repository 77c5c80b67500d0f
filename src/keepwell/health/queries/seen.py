"""What scorecards need to know of one account, read once: values of metrics, and the columns that conditions ask about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import narwhals as nw
import polars as pl

from keepwell.access.scopes import Scope
from keepwell.health.card import Card
from keepwell.health.formulas import explaining, scoring
from keepwell.health.queries import cards, evaluation
from keepwell.health.queries.cards import InForce
from keepwell.ledger.knowledge import Knowledge
from keepwell.ledger.queries import accounts
from keepwell.metrics.queries import sights as values_seen
from keepwell.metrics.queries import values
from keepwell.metrics.queries.sights import Sight


@dataclass(frozen=True)
class Seen:
    """Values of an account on some days, and a row of columns for each day."""

    values: pl.DataFrame
    table: pl.DataFrame


@dataclass(frozen=True)
class Today:
    """An account on the current day, as stored, and the cards that may judge it in their order."""

    account_id: int
    day: date
    versions: tuple[InForce, ...]
    seen: Seen


def today(*, account_id: int, seen_by: Scope) -> Today | None:
    """The account now; None when it may not be seen or no number is computed yet. Five queries, and those of conditions."""
    covered = values.extent()
    if covered is None or not accounts.visible(seen_by=seen_by).filter(pk=account_id).exists():
        return None
    versions, day = cards.on(covered.as_of).versions, covered.as_of
    stored = values.stored(since={account_id: day})
    facts = evaluation.of_cards([v.card for v in versions], days=[day], accounts=[account_id])
    return Today(account_id, day, versions, Seen(stored, evaluation.table(stored, facts)))


def at(account_id: int, *, versions: Sequence[InForce], sights: Sequence[Sight]) -> tuple[Seen, ...]:
    """The account as seen from several moments, from one read of its share of the lake."""
    judging = [version.card for version in versions]
    metrics = sorted({slug for card in judging for slug in card.metrics})
    found = values_seen.evaluate(metrics=metrics, sights=sights, accounts=[account_id])
    return tuple(
        Seen(told, evaluation.table(told, _facts(judging, sight, account_id)))
        for sight, told in zip(sights, found, strict=True)
    )


def _facts(judging: Sequence[Card], sight: Sight, account_id: int) -> evaluation.Facts | None:
    known = Knowledge(by=sight.known_by)
    return evaluation.of_cards(judging, days=sight.days, known=known, accounts=[account_id])


def applying(seen: Seen, day: date, versions: Sequence[InForce]) -> tuple[bool | None, ...]:
    """Whether each version applies to the account on a day; None where it cannot be told. Empty: nothing is known of it."""
    rows = seen.table.filter(pl.col("as_of") == day)
    if rows.is_empty():
        return ()
    holds = evaluation.applicable(rows, versions).row(0, named=True)
    return tuple(holds[str(place)] for place in range(len(versions)))


def judge(seen: Seen, day: date, versions: Sequence[InForce]) -> InForce | None:
    """The version that judges the account on a day: the first that applies."""
    applies = applying(seen, day, versions)
    return next((version for version, holds in zip(versions, applies, strict=False) if holds), None)


def sight(seen: Seen, day: date, version: InForce) -> explaining.Sight:
    """How a version judges the account on a day, part by part."""
    rows, table = (frame.lazy().filter(pl.col("as_of") == day) for frame in (seen.values, seen.table))
    facts = nw.from_native(table) if version.card.excepted_by else None
    parts: pl.DataFrame = scoring.parts(nw.from_native(rows), version.card, facts).collect().to_native()
    return explaining.sight(version.card, parts.sort("position"))
