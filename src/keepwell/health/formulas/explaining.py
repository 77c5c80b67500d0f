"""A movement of a score split exactly: what is shown first is changed step by step into what is shown last."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import polars as pl

from keepwell.health.card import Card
from keepwell.health.formulas import scoring
from keepwell.health.formulas.scoring import KEYS, PARTS

KINDS = ("late_data", "behaviour", "missing_input", "configuration", "override")
PartRow = Mapping[str, Any]
WITHOUT = ("unknown", "assumed", "left_out")


@dataclass(frozen=True)
class Sight:
    """How one card judges one account on one day as known at one moment: rows of `scoring.PARTS`, by measure."""

    card: Card
    parts: Mapping[str, PartRow]


@dataclass(frozen=True)
class Step:
    """One cause of a movement: which input (empty: the whole card), from what to what, and how many points it moved.

    `change` is null where one side has no points at all: then nothing is known there.
    """

    kind: str
    measure: str
    before: PartRow | None
    after: PartRow | None
    change: float | None


def sight(card: Card, rows: pl.DataFrame) -> Sight:
    """From the rows of one account and day, as `scoring.parts` gives them."""
    return Sight(card, {row["measure"]: row for row in rows.iter_rows(named=True)})


def steps(first: Sight, first_now: Sight, last_old: Sight, last: Sight) -> tuple[Step, ...]:
    """The causes of the movement from `first` to `last`, in order; their changes add up to it, rounded to four decimals.

    `first` is the earlier day as it was known then; `first_now` the same as known now; `last_old` the later day judged by
    the earlier card; `last` by its own. From the first to the second lies late data; then each input that is known, or not
    known, on both days moves by behaviour; then those that became known or unknown, by missing input; then the card. Inputs
    are exchanged one after the other in the card's order, so that each step is the difference of two scores. As long as
    the weights that count stay the same the order does not matter, because the score is then a sum; where an exchange
    changes them (an exception, a handed-out weight) it is attributed to the input that was exchanged there.
    """
    path = list(_path(first, first_now, last_old))
    found = [*scores([parts for _, parts in path], first.card), *scores([last.parts], last.card)]
    told = [
        Step(
            kind,
            measure,
            path[n][1].get(measure),
            path[n + 1][1].get(measure),
            _less(found[n + 1], found[n]),
        )
        for n, (kind, measure) in enumerate(named for named, _ in path[1:])
    ]
    if last_old.card is not last.card:
        told.append(Step("configuration", "", None, None, _less(found[-1], found[-2])))
    return tuple(step for step in told if step.change != 0)


def points(of: Sight) -> float | None:
    """The score of what is known, however little; null when nothing is."""
    return scores([of.parts], of.card)[0]


def _path(
    first: Sight, first_now: Sight, last_old: Sight
) -> Iterator[tuple[tuple[str, str], Mapping[str, PartRow]]]:
    stands = dict(first.parts)
    yield ("", ""), dict(stands)
    for measure in first.parts:
        if _differs(stands[measure], first_now.parts[measure]):
            stands[measure] = first_now.parts[measure]
            yield ("late_data", measure), dict(stands)
    moved = [m for m in first.parts if _differs(stands[m], last_old.parts[m])]
    alike = [m for m in moved if _is_without(stands[m]) == _is_without(last_old.parts[m])]
    for kind, measures in (("behaviour", alike), ("missing_input", [m for m in moved if m not in alike])):
        for measure in measures:
            stands[measure] = last_old.parts[measure]
            yield (kind, measure), dict(stands)


def _differs(one: PartRow, other: PartRow) -> bool:
    return any(one[name] != other[name] for name in ("value", "points", "weight", "state"))


def _is_without(part: PartRow) -> bool:
    return part["state"] in WITHOUT


def scores(path: Sequence[Mapping[str, PartRow]], card: Card) -> list[float | None]:
    """The scores of several sets of parts by one card, however little of it is known."""
    rows = [
        {**{name: part[name] for name in PARTS}, "account_id": 0, "as_of": place}
        for place, parts in enumerate(path)
        for part in parts.values()
    ]
    schema = {
        "account_id": pl.Int64,
        "as_of": pl.Int64,
        "value": pl.Float64,
        "points": pl.Float64,
        "weight": pl.Float64,
    }
    frame = pl.LazyFrame(rows, schema_overrides=schema)
    told = scoring.composite(nw.from_native(frame), replace(card, least_known_percent=0.0))
    found: pl.DataFrame = told.sort(*KEYS).collect().to_native()
    by_place = dict(found.select("as_of", "points").iter_rows())
    return [by_place.get(place) for place in range(len(path))]


def _less(after: float | None, before: float | None) -> float | None:
    if after is None or before is None:
        return None if after is not before else 0.0
    return round(after - before, 4)
