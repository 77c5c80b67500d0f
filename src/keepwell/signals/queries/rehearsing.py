"""All that a rehearsal finds, from the ledger and the lake."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from keepwell.kernel.errors import Refused
from keepwell.kernel.moments import DAY
from keepwell.ledger.models import Account, Ownership
from keepwell.metrics import departures as kinds
from keepwell.metrics.conditions import tree
from keepwell.metrics.queries import departures
from keepwell.segments.queries import vocabulary
from keepwell.signals import declared, models
from keepwell.signals.declared import Declared
from keepwell.signals.formulas import rehearsing as formulas
from keepwell.signals.formulas.rehearsing import Asked
from keepwell.signals.queries import replaying
from keepwell.signals.queries.replaying import Progress

NOBODY: pl.DataFrame = pl.DataFrame(schema={"account_id": pl.Int64, "on": pl.Date})


class NothingToRehearse(Refused):
    """Nobody was ever a customer."""


def asks_health(said: Declared) -> bool:
    """Whether a rule asks for scores or bands."""
    return any(slug.startswith(replaying.SCORED) for slug in tree.subjects(said.condition))


def found(rehearsal: models.Rehearsal, *, until: date, progress: Progress) -> dict[str, Any]:
    """The figures of the version and of the one beside it, from one pass over the past."""
    words = vocabulary.accounts()
    said = {"figures": declared.read(rehearsal.definition, words)}
    if rehearsal.against_definition is not None:
        said["other"] = declared.read(rehearsal.against_definition, words)
    last = departures.reach(until=until)
    grid = replaying.weeks_back(until=last, since=rehearsal.since, step_days=rehearsal.step_days)
    conditions = {name: one.condition for name, one in said.items()}
    answers = replaying.answers(conditions, grid=grid, progress=progress)
    if answers.is_empty():
        raise NothingToRehearse("No account was a customer on any day of the past. Import what is missing.")
    departure = kinds.read(rehearsal.departure)
    asked = Asked(
        days=grid.days,
        step_days=grid.step_days,
        horizon_days=rehearsal.horizon_days,
        settled_on=last - DAY * departure.settled_after_days,
        again_after_days=0,
        csms=csms(),
    )
    outcomes = {
        "churn": lambda: left(departure, last),
        "expansion": lambda: replaying.expansions(grid=grid),
        "nothing": lambda: NOBODY,
    }
    told: dict[str, Any] = {"other": None}
    for name, one in said.items():
        own = answers.select("account_id", "as_of", holds=pl.col(name))
        came = outcomes[one.foretells]()
        figures = formulas.figures(own, came, replace(asked, again_after_days=one.again_after_days))
        told[name] = _named(figures) | {
            "sentence": one.sentence,
            "foretells": one.foretells,
            "from": grid.days[0].isoformat(),
            "to": grid.days[-1].isoformat(),
            "days": len(grid.days),
        }
    return told


def left(departure: kinds.Departure, until: date) -> pl.DataFrame:
    """When everybody who left counted as gone."""
    rows = departures.departures(until=until, known_by=None, departure=departure)
    return rows.select("account_id", on="left_on")


def csms() -> int:
    """How many people are success managers of accounts now. One query."""
    return Ownership.objects.filter(role="csm", until=None).values("user").distinct().count()


def _named(figures: dict[str, Any]) -> dict[str, Any]:
    """With the keys and names of the accounts. One query."""
    rows = Account.objects.in_bulk([row["account"] for row in figures["named"]])
    named = [
        {
            "account": rows[row["account"]].key,
            "name": rows[row["account"]].name,
            "day": row["day"],
            "right": row["right"],
        }
        for row in figures["named"]
        if row["account"] in rows
    ]
    return figures | {"named": named}
