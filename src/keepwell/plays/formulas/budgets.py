"""What the alarms of a rule were worth: how often rightly, how often acted on, how many for each who hears them. Pure.

Nothing here says that an alarm changed anything: ARR that renewed after one is counted, and no effect is claimed.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from math import isnan
from typing import Any

import polars as pl

from keepwell.health.formulas.proving.shares import share_of
from keepwell.signals.formulas import rehearsing

LEAST_SETTLED = (
    20  # so many alarms must be settled before a rule is said to be right no more often than chance
)
LEAST_ANSWERS = 5
LEAST_TOLD = 20
YEAR_DAYS = 365

REASONS = {
    "chance": "It was right no more often than chance would be.",
    "useless": "At least half of the answers say that it was of no use.",
    "ignored": "Nobody answered any of its signals.",
}


@dataclass(frozen=True)
class Asked:
    """Until which day facts go and outcomes are certain, how far ahead these count, and how many customers there are."""

    until: date
    settled_on: date
    horizon_days: int
    customers: int


@dataclass(frozen=True)
class Answers:
    """What became of the signals of a rule, as counts of signals: told, answered, acted on, said to be of no use."""

    told: int = 0
    answered: int = 0
    acted: int = 0
    not_useful: int = 0


def figures(alarms: pl.DataFrame, outcomes: pl.DataFrame, answers: Answers, asked: Asked) -> dict[str, Any]:
    """The figures of one rule as JSON.

    `alarms` has account_id and as_of of what fired, `outcomes` account_id and `on`.
    `precision` is the share of settled alarms that what is foretold followed within the horizon, with its 95 % interval over
    accounts; `by_chance` how often that follows a day at random, the year's outcomes being spread evenly over its customers.
    """
    settled = rehearsing.judged(alarms, outcomes, asked.horizon_days).filter(
        pl.col("as_of") <= asked.settled_on - timedelta(days=asked.horizon_days)
    )
    right = share_of(settled["right"].to_numpy(), settled["account_id"].to_numpy())
    last_year = outcomes.filter(pl.col("on") > asked.until - timedelta(days=YEAR_DAYS))
    found = {
        "alarms": alarms.height,
        "accounts": alarms["account_id"].n_unique(),
        "settled": settled.height,
        "right": int(settled["right"].sum()),
        "precision": _known(asdict(right)) if settled.height else None,
        "by_chance": _by_chance(last_year.height, asked),
        "told": answers.told,
        "answered": answers.answered,
        "acted": answers.acted,
        "not_useful": answers.not_useful,
        "acted_share": answers.acted / answers.told if answers.told else None,
    }
    return found | {"retire": reasons(found)}


def renewed_after(alarms: pl.DataFrame, renewed: Mapping[int, date]) -> list[int]:
    """The accounts that renewed after their first alarm; `renewed` is when an account last renewed."""
    first = alarms.group_by("account_id").agg(pl.col("as_of").min()).sort("account_id")
    return [account for account, day in first.iter_rows() if account in renewed and renewed[account] >= day]


def _by_chance(outcomes: int, asked: Asked) -> float | None:
    if not asked.customers:
        return None
    return min(1.0, outcomes * asked.horizon_days / YEAR_DAYS / asked.customers)


def reasons(found: Mapping[str, Any]) -> list[str]:
    """Why a rule should rest, as slugs of REASONS; none where too little is known to say so."""
    said = []
    precision, chance = found["precision"], found["by_chance"]
    if precision is not None and found["settled"] >= LEAST_SETTLED and chance is not None:
        said += ["chance"] * (precision["share"] <= chance)
    if found["answered"] >= LEAST_ANSWERS and 2 * found["not_useful"] >= found["answered"]:
        said.append("useless")
    if found["told"] >= LEAST_TOLD and not found["answered"]:
        said.append("ignored")
    return said


def renewals(
    terms: Collection[tuple[int, date, date | None]], *, until: date, grace_days: int
) -> dict[int, date]:
    """When accounts last renewed: a contract ended by a day, and another ran on or began within so many days.

    `terms` are account, start and end (None: open) of each contract.
    """
    by_account: dict[int, list[tuple[date, date | None]]] = {}
    for account, start, end in terms:
        by_account.setdefault(account, []).append((start, end))
    found: dict[int, date] = {}
    for account, held in by_account.items():
        ended = [
            end for _, end in held if end is not None and end <= until and _goes_on(end, held, grace_days)
        ]
        if ended:
            found[account] = max(ended)
    return found


def _goes_on(end: date, held: Collection[tuple[date, date | None]], grace_days: int) -> bool:
    last = end + timedelta(days=grace_days)
    return any(start <= last and (other is None or other > end) for start, other in held)


def _known(told: dict[str, Any]) -> dict[str, Any]:
    return {name: None if isnan(value) else value for name, value in told.items()}
