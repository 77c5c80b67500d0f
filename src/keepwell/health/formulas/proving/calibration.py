"""What a score meant as a probability: fitted on earlier time, judged on later time."""

from dataclasses import dataclass

import numpy as np

from keepwell.health.formulas.proving.arrays import Bools, Floats

STEPS, CLOSE = 60, 1e-10
EDGE = 1e-12


@dataclass(frozen=True)
class Bin:
    """Rows of like probability: what was foretold, what came."""

    foretold: float
    came: float
    rows: int


@dataclass(frozen=True)
class Calibration:
    """How foretold and real shares agree on later time: a slope of 1 and an intercept of 0 are perfect.

    `brier` is the mean squared error of the probability, `base_brier` that of foretelling everybody the earlier share;
    `error` the mean distance of the bins from the diagonal, weighted by rows.
    """

    slope: float
    intercept: float
    brier: float
    base_brier: float
    error: float
    bins: tuple[Bin, ...]


def logistic(score: Floats, left: Bools) -> tuple[float, float]:
    """Intercept and slope of the log-odds over a number, by Newton's steps (iteratively reweighted least squares).

    P. McCullagh and J. A. Nelder, "Generalized Linear Models" (1989), section 2.5. A ridge of 1e-6 keeps it finite where the
    two kinds are perfectly apart.
    """
    design = np.column_stack([np.ones(score.size), score])
    beta, ridge = np.zeros(2), np.diag([1e-9, 1e-6])
    for _ in range(STEPS):
        probability = 1 / (1 + np.exp(-np.clip(design @ beta, -35, 35)))
        weight = np.maximum(probability * (1 - probability), EDGE)
        gradient = design.T @ (left - probability) - ridge @ beta
        step = np.linalg.solve((design.T * weight) @ design + ridge, gradient)
        beta = beta + np.clip(step, -5, 5)
        if float(np.abs(step).max()) < CLOSE:
            break
    return float(beta[0]), float(beta[1])


def calibrated(
    earlier: Floats, earlier_left: Bools, later: Floats, later_left: Bools, *, count: int = 10
) -> Calibration | None:
    """The probability fitted on earlier rows, held against later ones; None where either has only one kind."""
    if min(earlier_left.sum(), later_left.sum(), (~earlier_left).sum(), (~later_left).sum()) < 2:
        return None
    intercept, slope = logistic(earlier, earlier_left)
    odds = np.clip(intercept + slope * later, -35, 35)
    foretold = 1 / (1 + np.exp(-odds))
    left = later_left.astype(float)
    moved, steeper = logistic(odds, later_left) if np.ptp(odds) > EDGE else (0.0, 0.0)
    bins = _bins(foretold, left, count)
    base = float(earlier_left.mean())
    return Calibration(
        slope=steeper,
        intercept=moved,
        brier=float(((foretold - left) ** 2).mean()),
        base_brier=float(((base - left) ** 2).mean()),
        error=sum(abs(one.foretold - one.came) * one.rows for one in bins) / later.size,
        bins=bins,
    )


def _bins(foretold: Floats, left: Floats, count: int) -> tuple[Bin, ...]:
    """Tenths by rank; rows of one probability stay in one bin."""
    edges = np.unique(np.quantile(foretold, np.linspace(0, 1, count + 1)[1:-1]))
    place = np.searchsorted(edges, foretold, "left")
    return tuple(
        Bin(float(foretold[mine].mean()), float(left[mine].mean()), int(mine.sum()))
        for one in range(edges.size + 1)
        if (mine := place == one).any()
    )
