"""Questions that the API and the command line ask alike: numbers as of a day, as known at another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from keepwell.access.scopes import Scope
from keepwell.health.queries import scores as health
from keepwell.kernel import errors
from keepwell.kernel.moments import Grid, end_of, within_reach
from keepwell.ledger.queries import accounts as ledger
from keepwell.metrics.queries import catalogue, values


@dataclass(frozen=True)
class MetricRow:
    """One metric of one account; exactly one of `value` and `unknown` is None."""

    account: str
    name: str
    metric: str
    as_of: date
    value: float | None
    unknown: str | None


@dataclass(frozen=True)
class PartRow:
    """One part of a score."""

    metric: str
    label: str
    weight: float
    unit: str
    value: float | None
    band: str
    points: float | None
    reason: str | None


@dataclass(frozen=True)
class ScoreRow:
    """A score with its parts, and the card it was made by."""

    account: str
    name: str
    as_of: date
    known_by: datetime | None
    points: float | None
    band: str
    low: float
    high: float
    known_weight: float
    scorecard: str
    version: int
    parts: tuple[PartRow, ...]


def metric(
    *,
    slug: str,
    as_of: date,
    known_at: date | None,
    accounts: Sequence[str] | None,
    seen_by: Scope,
    parts: bool = False,
) -> list[MetricRow]:
    """One metric as of the end of a day, from what was known by the end of another (None: as known now).

    With `parts` also those by which it is told apart.
    """
    _check_days(as_of, known_at)
    names = _names(accounts, seen_by)
    more = [part.slug for part in catalogue.find(slug).parts] if parts else []
    found = values.evaluate(
        metrics=[slug, *more],
        grid=Grid(last=as_of),
        known_by=None if known_at is None else end_of(known_at),
        accounts=None if accounts is None else list(names),
    )
    return _metric_rows(found, names)


def defined(*, definition: Mapping[str, Any], as_of: date, seen_by: Scope) -> list[MetricRow]:
    """What a metric that is not saved would say as of the end of a day."""
    seen_by.require("config.change")
    _check_days(as_of, None)
    return _metric_rows(values.tried(definition=definition, as_of=as_of), _names(None, seen_by))


def _metric_rows(found: pl.DataFrame, names: Mapping[int, tuple[str, str]]) -> list[MetricRow]:
    rows = [
        MetricRow(*names[row["account_id"]], row["metric"], row["as_of"], row["value"], row["reason"])
        for row in found.iter_rows(named=True)
        if row["account_id"] in names
    ]
    return sorted(rows, key=lambda row: row.account)


def scores(
    *, as_of: date, known_at: date | None, accounts: Sequence[str] | None, seen_by: Scope
) -> list[ScoreRow]:
    """Scores as of the end of a day, computed now from the ledger; the lowest first, unknown ones last."""
    _check_days(as_of, known_at)
    names = _names(accounts, seen_by)
    known_by = None if known_at is None else end_of(known_at)
    found = health.evaluate(
        as_of=as_of, known_by=known_by, account_ids=None if accounts is None else list(names)
    )
    rows = [_score(view, *names[view.account_id], known_by) for view in found if view.account_id in names]
    return sorted(rows, key=lambda row: (row.points is None, row.points or 0.0, row.account))


def _check_days(as_of: date, known_at: date | None) -> None:
    within_reach(as_of)
    if known_at is not None:
        within_reach(known_at)


def _score(view: health.ScoreView, key: str, name: str, known_by: datetime | None) -> ScoreRow:
    return ScoreRow(
        account=key,
        name=name,
        as_of=view.as_of,
        known_by=known_by,
        points=view.points,
        band=view.band,
        low=view.low,
        high=view.high,
        known_weight=view.known_weight,
        scorecard=view.card,
        version=view.version,
        parts=tuple(
            PartRow(
                part.metric,
                part.label,
                part.weight,
                part.unit,
                part.value,
                part.band,
                part.points,
                part.reason,
            )
            for part in view.parts
        ),
    )


def _names(keys: Sequence[str] | None, seen_by: Scope) -> dict[int, tuple[str, str]]:
    """(key, name) by account id: of the asked accounts, or of all that may be seen."""
    if keys is None:
        return ledger.keys_by_id(seen_by=seen_by)
    found = ledger.ids_by_key(keys, seen_by=seen_by)
    for key in keys:
        if key not in found:
            raise errors.NotFound('There is no account "%(key)s".', key=key)
    everyone = ledger.keys_by_id(seen_by=seen_by)
    return {found[key]: everyone[found[key]] for key in keys}
