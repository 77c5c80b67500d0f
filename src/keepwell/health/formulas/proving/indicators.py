"""What each measure alone told of who would leave, and which of them is theatre."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from keepwell.health.formulas.proving import alarms, chance, plain, ranking, rows, shares
from keepwell.health.formulas.proving.arrays import Bools, Floats

SURE = 0.05
NOTHING = 0.60
LEAST_DEPARTURES = 10
WORST = 0.2
ALARM_RATE = 0.1
TOO_GOOD = 0.97
LATE = 0.03
MISSING = 0.65
DRAWS = 999
HINDSIGHT = "as_known_now"
Values = Callable[[str], pl.Series]


@dataclass(frozen=True)
class Measure:
    """A measure: its slug, what it is called, whether more of it is better.

    `is_calendar`: it says when the contract ends, where departure is a contract's end.
    """

    slug: str
    title: str
    unit: str
    more_is_better: bool
    is_calendar: bool = False


def evidence(
    replay: pl.DataFrame,
    departed: pl.DataFrame,
    measures: Sequence[Measure],
    *,
    values: Values,
    hindsight: Values,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[dict[str, Any]]:
    """Each measure's own evidence, the best first; `replay` is that of `figures.proof`, `values` gives a measure's column of
    it by its slug.

    Accounts are compared with those of the same day. The p values are adjusted for how many measures were asked, so that one
    in twenty is not found by luck; what looks sure must also stand against shuffled fates. `hindsight` gives the same columns
    as they are known now: a measure that is much better in hindsight came too late.
    """
    found = []
    for done, measure in enumerate(measures):
        progress(done, len(measures))
        told = replay.with_columns(
            values(measure.slug).alias(measure.slug), hindsight(measure.slug).alias(HINDSIGHT)
        )
        found.append(_one(told, rows.judged(told), departed, measure))
    adjusted = chance.discoveries(np.array([one["p"] for one in found], dtype=np.float64))
    for one, q in zip(found, adjusted, strict=True):
        one["q"] = plain.rounded(float(q))
        one["verdict"] = verdict(one)
    return sorted(found, key=lambda one: (-abs((one["area"]["auc"] or 0.5) - 0.5), one["slug"]))


def verdict(one: dict[str, Any]) -> str:
    """leads, backwards, nothing, unclear or too_little.

    leads and backwards: surely not chance after the adjustment (q under 5 %). nothing: chance is not ruled out, but an AUC of
    0.60 or more either way is. too_little: fewer than ten departures with a known value.
    """
    area = one["area"]
    if one["departures"] < LEAST_DEPARTURES or area["auc"] is None or area["low"] is None:
        return "too_little"
    if one["q"] < SURE:
        return "leads" if area["auc"] > 0.5 else "backwards"
    return "nothing" if area["high"] < NOTHING and area["low"] > 1 - NOTHING else "unclear"


def _one(
    replay: pl.DataFrame,
    certain: pl.DataFrame,
    departed: pl.DataFrame,
    measure: Measure,
) -> dict[str, Any]:
    risk, left, whose = _risk(certain, measure), rows.left(certain), rows.accounts(certain)
    known = ~np.isnan(risk)
    ranked = _ranked(certain, measure)
    area = ranking.measured(ranked[known], left[known], whose[known])
    return {
        "slug": measure.slug,
        "title": measure.title,
        "known": plain.rounded(float(known.mean())) if known.size else 0.0,
        "departures": rows.departed(certain.filter(pl.Series(known))),
        "area": plain.area(area),
        "p": _p_value(area, ranked, certain),
        "lift": _lift(risk[known], left[known]),
        "lead": _lead(replay, certain, departed, measure),
        "leaks": _leaks(certain, measure, area.auc, known=known),
    }


def _risk(frame: pl.DataFrame, measure: Measure) -> Floats:
    found = rows.floats(frame, measure.slug)
    return -found if measure.more_is_better else found


def _p_value(area: ranking.Area, ranked: Floats, certain: pl.DataFrame) -> float:
    """By the normal curve; where that looks sure, no smaller than shuffled fates allow: few departures are not normal."""
    p = ranking.p_value(area.auc, area.error)
    if p >= SURE:
        return p
    drawn = chance.shuffled(
        ranked, rows.left(certain), rows.accounts(certain), rows.days(certain), draws=DRAWS
    )
    return max(p, chance.p_value(abs(area.auc - 0.5), np.abs(drawn - 0.5)))


def _ranked(frame: pl.DataFrame, measure: Measure) -> Floats:
    """The risk as a rank among the accounts of the same day, 0 to 1: a year in which more left tells nothing of a measure."""
    risk = pl.Series(_risk(frame, measure)).fill_nan(None)
    rank = pl.col("risk").rank("average").over("as_of") / pl.col("risk").count().over("as_of")
    return rows.floats(frame.select("as_of", risk=risk).with_columns(rank=rank), "rank")


def _lift(risk: Floats, left: Bools) -> float | None:
    """How many times as often the worst fifth left as all did; rows that tie with the edge share it evenly."""
    if not left.any():
        return None
    edge = float(np.quantile(risk, 1 - WORST))
    over, tied = risk > edge, risk == edge
    want = WORST * risk.size - over.sum()
    part = want / tied.sum() if tied.any() else 0.0
    return plain.rounded(
        float((left[over].sum() + part * left[tied].sum()) / (WORST * risk.size) / left.mean())
    )


def _lead(
    replay: pl.DataFrame, certain: pl.DataFrame, departed: pl.DataFrame, measure: Measure
) -> dict[str, Any] | None:
    """How early it would have warned, alarming on a tenth of the days that led nowhere at most."""
    calm = _risk(certain, measure)[~rows.left(certain)]
    told = calm[~np.isnan(calm)]
    if not told.size or np.ptp(told) == 0:
        return None
    line = float(np.quantile(told, 1 - ALARM_RATE))
    red = np.nan_to_num(_risk(replay, measure), nan=-np.inf) > line
    found = alarms.lead(alarms.leads(replay.with_columns(red=pl.Series(red)), departed))
    return {
        name: plain.figures(getattr(found, name))
        for name in ("departures", "caught", "median_caught", "mean_all")
    }


def _leaks(certain: pl.DataFrame, measure: Measure, area: float, *, known: Bools) -> list[str]:
    """Signs that it explains departure because it is the departure: calendar, too_good, late, missing.

    calendar: it says when the contract ends, before which nobody can leave. too_good: an AUC of 0.97 or more. late: much
    better as known now than as known then. missing: that it is not known is itself what tells who leaves.
    """
    left, whose = rows.left(certain), rows.accounts(certain)
    found = [
        *(["calendar"] if measure.is_calendar else []),
        *(["too_good"] if area >= TOO_GOOD else []),
    ]
    later = _ranked(certain.with_columns(pl.col(HINDSIGHT).alias(measure.slug)), measure)
    both = ~np.isnan(later)
    if ranking.auc(later[both], left[both]) - (0.5 if np.isnan(area) else area) > LATE:
        found.append("late")
    blind = ranking.measured(np.where(known, 0.0, 1.0), left, whose)
    if 0 < known.mean() < 1 and blind.auc >= MISSING and blind.low > 0.5:
        found.append("missing")
    return found


def acted_on(replay: pl.DataFrame, acts: pl.DataFrame, *, within_days: int) -> dict[str, Any]:
    """Whether anybody acted on red: the share of its runs after which somebody did, beside that of all other days.

    `acts` holds account_id and day of each contact, review, plan or incident. A score on which nobody acts changes nothing,
    however well it foretells.
    """
    begun = alarms.runs(replay)
    calm = replay.filter(~pl.col("red")).select("account_id", "as_of")
    return {
        "within_days": within_days,
        "red": plain.figures(_acted(begun, acts, within_days)),
        "calm": plain.figures(_acted(calm, acts, within_days)),
    }


def _acted(days: pl.DataFrame, acts: pl.DataFrame, within_days: int) -> shares.Share:
    following = acts.sort("day").with_columns(acted=pl.col("day"))
    asked = days.sort("as_of").with_columns(after=pl.col("as_of") + pl.duration(days=1))
    met = asked.join_asof(
        following,
        left_on="after",
        right_on="day",
        by="account_id",
        strategy="forward",
        check_sortedness=False,
    )
    soon = (pl.col("acted") - pl.col("as_of")).dt.total_days() <= within_days
    told = met.select("account_id", hit=soon.fill_null(False))
    return shares.share_of(told["hit"].to_numpy(), rows.accounts(told))


def theatre(indicators: Sequence[dict[str, Any]], weights: dict[str, float]) -> dict[str, Any]:
    """How much of a card's weight rests on measures that foretell nothing, or the wrong way round."""
    by_slug = {one["slug"]: one["verdict"] for one in indicators}
    resting = {
        verdict: round(sum(weight for slug, weight in weights.items() if by_slug.get(slug) == verdict), 4)
        for verdict in ("leads", "backwards", "nothing", "unclear", "too_little")
    }
    idle = [slug for slug in weights if by_slug.get(slug) in ("nothing", "backwards")]
    return {"weight": resting, "measures": sorted(idle)}
