"""All figures of a proof, from its rows."""

from typing import Any

import numpy as np
import polars as pl

from keepwell.health.formulas.proving import (
    alarms,
    calibration,
    chance,
    plain,
    ranking,
    rivals,
    rows,
    shares,
    verdicts,
)
from keepwell.health.formulas.proving.arrays import Floats
from keepwell.health.formulas.proving.ranking import Resampled

BANDS = ("green", "yellow", "red", "unknown")
GROUPS = ("tier", "industry", "term")
LEAST_IN_GROUP, MOST_GROUPS = 5, 12
MARKS = (30, 45, 60, 90)


def proof(
    replay: pl.DataFrame, departed: pl.DataFrame, *, step_days: int, csms: int, horizon_days: int
) -> dict[str, Any]:
    """The figures as JSON, the verdict with them.

    `replay` holds a row for each account on each day on which it was a customer: account_id, as_of, since, left_on, left
    (null where not certain yet), points, band, red, the rivals' columns arr, tenure, recency, touch and perhaps
    other_points, the groups' columns tier, industry, term. `departed` holds account_id, since, onset_on, left_on.
    """
    certain = rows.judged(replay)
    scored = certain.filter(pl.col("points").is_not_null())
    left, whose = rows.left(scored), rows.accounts(scored)
    risk = -rows.floats(scored, "points")
    draws = Resampled(whose, left)
    rivals_ = [r for r in (rivals.OTHER, *rivals.NAIVE) if r.column in scored.columns]
    found: dict[str, Any] = {
        **core(replay, departed, step_days=step_days, csms=csms),
        "left_out": _left_out(replay, certain, scored),
        "rivals": [rivals.compared(scored, risk, rival, draws, departed) for rival in rivals_],
        "groups": {name: _groups(scored, name) for name in GROUPS},
        "calibration": _calibration(scored, horizon_days),
    }
    return found | {"verdict": verdicts.verdict(found)}


def core(replay: pl.DataFrame, departed: pl.DataFrame, *, step_days: int, csms: int) -> dict[str, Any]:
    """What stands of a card in a comparison: how well it ranks, what red caught and cost, what each band meant."""
    certain = rows.judged(replay)
    scored = certain.filter(pl.col("points").is_not_null())
    left, whose = rows.left(scored), rows.accounts(scored)
    risk = -rows.floats(scored, "points")
    area = ranking.measured(risk, left, whose)
    shuffled = chance.shuffled(risk, left, whose, rows.days(scored))
    told = shuffled[~np.isnan(shuffled)]
    band = np.quantile(told, [0.025, 0.975]) if told.size else (None, None)
    return {
        "rows": scored.height,
        "accounts": int(np.unique(whose).size),
        "departures": rows.departed(scored),
        "base_rate": plain.rounded(float(left.mean())) if left.size else None,
        "area": plain.area(area),
        "chance": {
            "low": plain.rounded(band[0]),
            "high": plain.rounded(band[1]),
            "p": plain.rounded(chance.p_value(area.auc, shuffled)),
        },
        "alarm": _alarm(replay, scored, departed, step_days=step_days, csms=csms),
        "lead": _lead(replay, departed),
        "bands": _bands(certain),
    }


def _left_out(replay: pl.DataFrame, certain: pl.DataFrame, scored: pl.DataFrame) -> dict[str, int]:
    return {"open": replay.height - certain.height, "unknown": certain.height - scored.height}


def _alarm(
    replay: pl.DataFrame, scored: pl.DataFrame, departed: pl.DataFrame, *, step_days: int, csms: int
) -> dict[str, Any]:
    """What the red line would have caught and cost: by rows, by departures with their ARR, by runs of red."""
    red, left, whose = scored["red"].to_numpy(), rows.left(scored), rows.accounts(scored)
    runs = alarms.runs(replay)
    begun = runs.join(scored.select("account_id", "as_of", "left"), on=["account_id", "as_of"])
    weeks = replay["as_of"].n_unique() * step_days / 7
    caught = alarms.leads(replay, departed)
    last = replay.sort("as_of").group_by("account_id", "since", maintain_order=True).last()
    worth = (
        caught.join(departed, on=["account_id", "onset_on"])
        .join(last.select("account_id", "since", "arr"), on=["account_id", "since"], how="left")
        .with_columns(pl.col("arr").fill_null(0.0))
    )
    lost, warned = worth["arr"].sum(), worth.filter(pl.col("lead_days") > 0)["arr"].sum()
    return {
        "precision": plain.figures(shares.share_of(left[red], whose[red])),
        "recall": plain.figures(shares.share_of(red[left], whose[left])),
        "runs": runs.height,
        "runs_right": int(begun["left"].sum() or 0),
        "runs_judged": begun.height,
        "weeks": plain.rounded(weeks),
        "per_week": plain.rounded(runs.height / weeks) if weeks else None,
        "per_csm_week": plain.rounded(runs.height / weeks / csms) if weeks and csms else None,
        "csms": csms,
        "lost_arr": plain.rounded(float(lost)),
        "warned_arr": plain.rounded(float(warned)),
    }


def _lead(replay: pl.DataFrame, departed: pl.DataFrame) -> dict[str, Any]:
    found = alarms.leads(replay, departed)
    days = found["lead_days"].to_numpy()
    at_least = {
        str(mark): plain.rounded(float((days >= mark).mean())) if days.size else None for mark in MARKS
    }
    return {**plain.figures(alarms.lead(found)), "at_least": at_least}


def _bands(certain: pl.DataFrame) -> list[dict[str, Any]]:
    whose, left, band = rows.accounts(certain), rows.left(certain), certain["band"].to_numpy()
    return [
        {"band": one, **plain.figures(shares.share_of(left[band == one], whose[band == one]))}
        for one in BANDS
    ]


def _groups(scored: pl.DataFrame, name: str) -> list[dict[str, Any]]:
    """The AUC inside each group, so that what merely tells the groups apart gains nothing."""
    sizes = scored.group_by(name).agg(rows=pl.len()).sort("rows", name, descending=[True, False])
    return [_group(scored, name, value) for value in sizes[name].to_list()[:MOST_GROUPS]]


def _group(scored: pl.DataFrame, name: str, value: str) -> dict[str, Any]:
    mine = scored.filter(pl.col(name) == value)
    left, risk = rows.left(mine), -rows.floats(mine, "points")
    many = rows.departed(mine)
    said = {"group": value, "rows": mine.height, "departures": many}
    if many < LEAST_IN_GROUP or not (~left).sum():
        return said | {"area": None}
    return said | {"area": plain.area(ranking.measured(risk, left, rows.accounts(mine)))}


def _calibration(scored: pl.DataFrame, horizon_days: int) -> dict[str, Any] | None:
    """Fitted on the first half of the days, less those whose horizon reaches into the second; judged on the second."""
    days = scored["as_of"].unique().sort()
    if days.len() < 4:
        return None
    middle = days[days.len() // 2]
    purged = pl.col("as_of") + pl.duration(days=horizon_days) <= middle
    earlier, later = scored.filter(purged), scored.filter(pl.col("as_of") > middle)
    found = calibration.calibrated(_score(earlier), rows.left(earlier), _score(later), rows.left(later))
    return None if found is None else {**plain.figures(found), "since": middle.isoformat()}


def _score(frame: pl.DataFrame) -> Floats:
    return -rows.floats(frame, "points") / 100
