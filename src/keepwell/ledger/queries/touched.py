"""Which accounts new events concern, and from which day on."""

from datetime import date
from typing import NamedTuple

import polars as pl

from keepwell.ledger import frames, lake
from keepwell.ledger.catalogue import REWRITES_PAST
from keepwell.ledger.queries import identity

# These report what was made of the numbers; no number rests on them.
ECHOES = (
    "health.band_changed",
    "health.overridden",
    "health.override_ended",
    "signal.fired",
    "signal.ended",
    "signal.answered",
    "incident.opened",
    "incident.closed",
    "incident.called",
    "incident.cause_found",
    "incident.plan_made",
    "incident.escalated",
    "incident.reopened",
    "task.set",
    "task.done",
    "task.reopened",
    "output.delivered",
    "output.taken_back",
    "handover.made",
    "handover.accepted",
    "handover.withdrawn",
    "playbook.started",
    "playbook.step_done",
    "playbook.ended",
    "playbook.resumed",
)
FEW = 1000  # so many rows or fewer are looked at one by one: a run comes with each fact
EVER = date(1, 1, 1)
LEFT = "account.churned"


class Touched(NamedTuple):
    """The first concerned day by account, the last batch looked at, and the accounts whose terms may have changed."""

    since: dict[int, date]
    batch: int
    signed: frozenset[int]


def after(*, batch: int) -> Touched:
    """What the batches after one concern. Reads only the files that may hold them.

    Where keys began to mean other people, the people's keys are looked for in the whole lake, once a call.
    """
    last = lake.snapshot().batch
    new = lake.scan(after_batch=batch).filter((pl.col("batch") > batch) & ~pl.col("name").is_in(ECHOES))
    had_happened = pl.from_epoch(pl.col("value").cast(pl.Int64)).dt.date().fill_null(EVER)
    first = (
        pl.when(pl.col("name").is_in(REWRITES_PAST))
        .then(pl.lit(EVER))
        .when(pl.col("name") == "event.retracted")
        .then(had_happened)
        .otherwise(pl.col("at").dt.date())
        .min()
    )
    few = new.head(FEW + 1).collect()
    meant = frames.resolved_few(few).lazy() if few.height <= FEW else frames.resolved(new)
    terms = (pl.col("name").is_in([*frames.CONTRACTS, LEFT, "event.retracted"]) | (first == EVER)).any()
    rows = meant.group_by("account_id").agg(first.alias("since"), terms.alias("signed")).collect()
    linked = _relinked(few.lazy() if few.height <= FEW else new)
    since = dict(rows.select("account_id", "since").iter_rows())
    signed = {*rows.filter("signed")["account_id"], *linked}
    return Touched(since | dict.fromkeys(linked, EVER), last, frozenset(signed))


def facts(*, after_batch: int, most: int) -> pl.DataFrame:
    """The facts that the batches after one brought, as they came under their raw keys; so many at most."""
    came = lake.scan(after_batch=after_batch)
    return came.filter((pl.col("batch") > after_batch) & (pl.col("kind") == "fact")).head(most).collect()


def _relinked(new: pl.LazyFrame) -> set[int]:
    """The accounts for which raw keys began or ceased to count: those named, and those that name the named people."""
    said = new.filter(pl.col("name") == "identity.linked").select("person", "feature").unique().collect()
    accounts = {int(account) for account in said["feature"] if account.isdecimal()}
    people = identity.raw_keys(of=set(said["person"]) - {""})
    if people:
        theirs = lake.scan().select("account", "person", "at").filter(pl.col("person").is_in(list(people)))
        accounts |= set(frames.resolved(theirs).select(pl.col("account_id").unique()).collect()["account_id"])
    return accounts
