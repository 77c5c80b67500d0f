"""Which scorecards apply to an account besides the one that judges it, and what they would say."""

from dataclasses import dataclass

import polars as pl

from keepwell.health.queries import evaluation, seen
from keepwell.health.queries.seen import Today


@dataclass(frozen=True)
class AppliedCard:
    """A scorecard at its place in the order; of those that apply the first judges.

    `applies` is None where it cannot be told: then it is passed over. Points and band are those it gives or would give;
    empty where it does not apply.
    """

    place: int
    slug: str
    title: str
    number: int
    applies: bool | None
    judges: bool
    points: float | None
    band: str


def cards(today: Today | None) -> tuple[AppliedCard, ...]:
    """All cards in their order, with what those that apply say of the account now. No query."""
    if today is None:
        return ()
    applies = seen.applying(today.seen, today.day, today.versions)
    first = next((place for place, holds in enumerate(applies) if holds), None)
    return tuple(
        _card(today, place, holds=holds, judges=place == first) for place, holds in enumerate(applies)
    )


def _card(today: Today, place: int, *, holds: bool | None, judges: bool) -> AppliedCard:
    version, points, band = today.versions[place], None, ""
    if holds:
        rows = today.seen.values.filter(pl.col("as_of") == today.day)
        ((points, band),) = evaluation.scored(rows, today.seen.table, version).select("points", "band").rows()
    return AppliedCard(place + 1, version.slug, version.title, version.number, holds, judges, points, band)
