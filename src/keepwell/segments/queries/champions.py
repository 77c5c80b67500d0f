"""What became of an account's champions: who left, who is on leave, who declines, who is silent, whose mail comes back."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import polars as pl

from keepwell.kernel import speech
from keepwell.ledger import knowledge
from keepwell.ledger.knowledge import Knowledge
from keepwell.metrics.conditions.tree import Leaf
from keepwell.metrics.conditions.vocabulary import Subject

LEFT, ON_LEAVE, DECLINED, SILENT, BOUNCED = (
    "champion.left", "champion.on_leave", "champion.declined", "champion.silent", "champion.bounced",
)  # fmt: skip
SUBJECTS = (
    Subject(LEFT, speech.later("Number of champions who left"), "number", windowed=True),
    Subject(ON_LEAVE, speech.later("Number of champions on leave"), "number"),
    Subject(DECLINED, speech.later("Number of invitations that champions declined"), "number", windowed=True),
    Subject(SILENT, speech.later("Days since a champion was met"), "number", "days"),
    Subject(BOUNCED, speech.later("Number of mails to champions that came back"), "number", windowed=True),
)
SLUGS = frozenset(subject.slug for subject in SUBJECTS)
STANCE, STATES = "stance.changed", ("person.joined", "person.left", "person.on_leave", "person.returned")
HAPPENED = {DECLINED: "touchpoint.declined", BOUNCED: "mail.bounced", SILENT: "touchpoint.attended"}
NAMES = (STANCE, *STATES, *HAPPENED.values())
KEYS = ["account_id", "as_of"]


def told(*, until: datetime, known: Knowledge, accounts: Collection[int] | None) -> pl.DataFrame:
    """What happened to people, and for which days it counts. One scan of the facts."""
    rows = knowledge.events(known, until=until, names=NAMES, kind="fact", accounts=accounts)
    kept = rows.filter(pl.col("person") != "")
    columns = ("account_id", "person", "name", "feature", "at", "_from", "_until")
    found: pl.DataFrame = kept.select(*columns).collect()
    return found.sort("at", maintain_order=True)


def with_columns(found: pl.DataFrame, leaves: Sequence[Leaf], happened: pl.DataFrame) -> pl.DataFrame:
    """A column for each question; null in accounts of whose people no stance was known on the day."""
    seen = (
        found.select(KEYS)
        .join(happened, on="account_id", maintain_order="left_right")
        .filter(
            (pl.col("_from") <= pl.col("as_of"))
            & (pl.col("_until").is_null() | (pl.col("as_of") < pl.col("_until")))
        )
    )
    people = _people(seen)
    champions = people.filter(pl.col("stance") == "champion")
    known = people.filter(pl.col("stance").is_not_null()).select(KEYS).unique()
    for leaf in leaves:
        counted = _counted(leaf, champions, seen)
        rows = known.join(counted, on=KEYS, how="left")
        if leaf.subject.slug != SILENT:
            rows = rows.with_columns(pl.col(leaf.column).fill_null(0.0))
        found = found.join(rows, on=KEYS, how="left")
    return found


def _people(seen: pl.DataFrame) -> pl.DataFrame:
    """Each person on each day: how they stand to us, what became of them last and when."""
    stance, state = pl.col("name") == STANCE, pl.col("name").is_in(STATES)
    return seen.group_by(*KEYS, "person", maintain_order=True).agg(
        stance=pl.col("feature").filter(stance).last(),
        state=pl.col("name").filter(state).last(),
        state_on=pl.col("at").filter(state).last().dt.date(),
    )


def _counted(leaf: Leaf, champions: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    slug, within = leaf.subject.slug, pl.col("as_of") - timedelta(days=leaf.in_days or 1)
    if slug == LEFT:
        rows = champions.filter((pl.col("state") == "person.left") & (pl.col("state_on") > within))
        return rows.group_by(KEYS).agg(pl.len().cast(pl.Float64).alias(leaf.column))
    if slug == ON_LEAVE:
        rows = champions.filter(pl.col("state") == "person.on_leave")
        return rows.group_by(KEYS).agg(pl.len().cast(pl.Float64).alias(leaf.column))
    theirs = seen.filter(pl.col("name") == HAPPENED[slug]).join(
        champions.select(*KEYS, "person"), on=[*KEYS, "person"], how="semi"
    )
    if slug == SILENT:
        last = (pl.col("as_of").first() - pl.col("at").max().dt.date()).dt.total_days()
        return theirs.group_by(KEYS).agg(last.cast(pl.Float64).alias(leaf.column))
    rows = theirs.filter(pl.col("at").dt.date() > within)
    return rows.group_by(KEYS).agg(pl.len().cast(pl.Float64).alias(leaf.column))
