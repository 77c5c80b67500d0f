"""Frames for the charts of an account, from what the stages remember."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from keepwell.charts.arr_history import ArrHistory
from keepwell.charts.chart import Picture
from keepwell.charts.part_history import PartHistory
from keepwell.charts.render import picture
from keepwell.charts.score_history import ScoreHistory
from keepwell.charts.usage_history import UsageHistory
from keepwell.faces.components import words
from keepwell.faces.components.bands import band
from keepwell.health.queries.overrides import OverrideView
from keepwell.health.queries.scores import ScorePoint
from keepwell.kernel import speech
from keepwell.kernel.moments import day_of
from keepwell.ledger.queries.movements import Level
from keepwell.ledger.queries.usage import UsageWeek

SIGNED = {"NPS"}


@dataclass(frozen=True)
class ChartsPage:
    """One chart or several, each with the table behind it."""

    title: str
    back: str
    pictures: tuple[Picture, ...]
    is_small: bool
    nothing: str


def score_history(
    points: Sequence[ScorePoint],
    overrides: Sequence[OverrideView] = (),
    *,
    watch_from: float,
    healthy_from: float,
) -> Picture | None:
    """The score's line with what it was made of and what changed beside; None while nothing was scored."""
    if not points:
        return None
    frame = pl.DataFrame(
        {
            "as_of": [point.as_of for point in points],
            "points": pl.Series([point.points for point in points], dtype=pl.Float64),
            "band": [point.band for point in points],
            "low": [point.low for point in points],
            "high": [point.high for point in points],
            "known_weight": [point.known_weight for point in points],
            "parts": [_made_of(point) for point in points],
            "mark": [
                _beside(before, point, overrides)
                for before, point in zip((None, *points), points, strict=False)
            ],
        }
    )
    return picture(ScoreHistory(watch_from=watch_from, healthy_from=healthy_from), frame)


def _made_of(point: ScorePoint) -> str:
    """Its parts in a line: "Active people 12, NPS unknown"."""
    told = (
        f"{part['label']} {'unknown' if part['value'] is None else words.number(part['value'], part['unit'])}"
        for part in point.parts
    )
    return ", ".join(told)


def _beside(before: ScorePoint | None, point: ScorePoint, overrides: Sequence[OverrideView]) -> str:
    """What changed since the point before that the customer did not do: who judges, and what somebody says instead."""
    if before is None:
        return ""
    said = (
        [speech.told("Judged by %(card)s from now on", card=point.card)] if before.card != point.card else []
    )
    for one in overrides:
        if before.as_of < day_of(one.made_at) <= point.as_of:
            said.append(
                speech.told(
                    "Override: %(word)s, says %(by)s: %(reason)s",
                    word=band(one.band).word,
                    by=one.by,
                    reason=one.reason,
                )
            )
        if one.ended_at is not None and before.as_of < day_of(one.ended_at) <= point.as_of:
            said.append(speech.told("The override of %(by)s ended", by=one.by))
    return "; ".join(said)


def part_histories(points: Sequence[ScorePoint]) -> tuple[Picture, ...]:
    """One small chart a part that was ever known, in the card's order."""
    if not points:
        return ()
    drawn = (_part_history(points, part["label"], part["unit"]) for part in points[-1].parts)
    return tuple(found for found in drawn if found is not None)


def weekly(weeks: Sequence[UsageWeek], what: str) -> Picture | None:
    """Events or people by week, from the first week that had any."""
    counts = [week.events if what == "events" else week.people or 0 for week in weeks]
    if not any(counts):
        return None
    first = next(place for place, count in enumerate(counts) if count)
    frame = pl.DataFrame({"week": [week.first_day for week in weeks[first:]], "count": counts[first:]})
    return picture(UsageHistory(what), frame)


def tickets(weeks: Sequence[tuple[date, int]]) -> Picture | None:
    """Tickets opened by week; None without any."""
    if not any(count for _, count in weeks):
        return None
    frame = pl.DataFrame({"week": [week for week, _ in weeks], "count": [count for _, count in weeks]})
    return picture(UsageHistory("tickets"), frame)


def arr_histories(levels: Sequence[Level], *, today: date) -> tuple[Picture, ...]:
    """The steps of ARR, one chart a currency, the latest changed first."""
    currencies = dict.fromkeys(level.arr.currency for level in reversed(levels))
    return tuple(
        _arr_history([level for level in levels if level.arr.currency == currency], currency, today)
        for currency in currencies
    )


def _arr_history(levels: Sequence[Level], currency: str, today: date) -> Picture:
    frame = pl.DataFrame(
        {
            "day": [level.day for level in levels],
            "kind": [level.kind for level in levels],
            "amount": [float(level.amount.amount) for level in levels],
            "arr": [float(level.arr.amount) for level in levels],
        }
    )
    return picture(ArrHistory(currency, max(today, levels[-1].day)), frame)


def _part_history(points: Sequence[ScorePoint], label: str, unit: str) -> Picture | None:
    values = [
        next((part["value"] for part in point.parts if part["label"] == label), None) for point in points
    ]
    if all(value is None for value in values):
        return None
    frame = pl.DataFrame(
        {"as_of": [point.as_of for point in points], "value": pl.Series(values, dtype=pl.Float64)}
    )
    return picture(PartHistory(label, unit, floor=None if unit in SIGNED else 0.0), frame)
