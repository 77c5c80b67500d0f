"""What AUC would be seen if the score had nothing to do with who leaves."""

from typing import Any

import numpy as np
import numpy.typing as npt

from keepwell.health.formulas.proving.arrays import Bools, Floats, Ints


def shuffled(
    risk: Floats, left: Bools, accounts: Ints, days: Ints, *, draws: int = 200, seed: int = 1
) -> Floats:
    """AUCs after whole fates were handed to other accounts, day by day as they were.

    An account's days keep their order and belong together, so what one account repeats counts once; days on which one of the
    two accounts was no customer are left out. P. Good, "Permutation, Parametric and Bootstrap Tests of Hypotheses" (2005),
    chapter 3 (restricted permutation).
    """
    _, row = np.unique(accounts, return_inverse=True)
    _, column = np.unique(days, return_inverse=True)
    size = (int(row.max()) + 1, int(column.max()) + 1) if row.size else (0, 0)
    fates = np.full(size, -1, dtype=np.int8)
    fates[row, column] = left
    known = ~np.isnan(risk)
    values, place = np.unique(risk[known], return_inverse=True)
    row, column = row[known], column[known]
    random = np.random.default_rng(seed)
    return np.array(
        [
            _area(place, fates[random.permutation(size[0])[row], column], values.size)
            for _ in range(draws if values.size else 0)
        ]
    )


def _area(place: npt.NDArray[Any], fate: npt.NDArray[Any], size: int) -> float:
    yes = np.bincount(place[fate == 1], minlength=size).astype(float)
    no = np.bincount(place[fate == 0], minlength=size).astype(float)
    pairs = yes.sum() * no.sum()
    return float((yes * (np.cumsum(no) - no / 2)).sum() / pairs) if pairs else float("nan")


def p_value(area: float, drawn: Floats) -> float:
    """How often chance did as well, the observed one counted in; 1 where nothing can be said.

    B. Phipson and G. K. Smyth, "Permutation P-values Should Never Be Zero" (2010).
    """
    told = drawn[~np.isnan(drawn)]
    if np.isnan(area) or not told.size:
        return 1.0
    return float((1 + (told >= area).sum()) / (1 + told.size))


def discoveries(p_values: Floats) -> Floats:
    """Each p value adjusted for how many were asked: keep those up to 0.05, and at most that share of them is false.

    Y. Benjamini and Y. Hochberg, "Controlling the False Discovery Rate", JRSS B 57 (1995), 289-300.
    """
    count = p_values.size
    order = np.argsort(p_values)[::-1]
    ranked = p_values[order] * count / np.arange(count, 0, -1)
    adjusted = np.empty(count)
    adjusted[order] = np.minimum.accumulate(np.minimum(ranked, 1.0)) if count else ranked
    return adjusted
