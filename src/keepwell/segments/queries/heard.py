"""What was heard: how often words stand in what people said and wrote."""

import json
from collections.abc import Collection
from datetime import datetime, timedelta

import polars as pl

from keepwell.kernel import speech
from keepwell.ledger import knowledge
from keepwell.ledger.knowledge import Knowledge
from keepwell.metrics.conditions.tree import Leaf
from keepwell.metrics.conditions.vocabulary import Subject

HEARD = "heard."
SUBJECT = Subject(HEARD, speech.later("Heard"), "number", "times", windowed=True)
SAYING = (
    "note.written",
    "touchpoint.held",
    "review.noted",
    "ticket.opened",
    "survey.answered",
    "sentiment.given",
    "gap.requested",
)
SAID = {"account_id": pl.Int64, "day": pl.Date, "_from": pl.Date, "_until": pl.Date, "words": pl.String}


def said(*, until: datetime, known: Knowledge, accounts: Collection[int] | None) -> pl.DataFrame:
    """Everything that was said, in small letters, and for which days it counts. One scan of the facts."""
    told = knowledge.events(known, until=until, names=SAYING, kind="fact", accounts=accounts)
    words = pl.col("props").map_elements(_words, return_dtype=pl.String)
    rows = told.filter(pl.col("props").str.len_chars() > len("{}")).select(
        "account_id", pl.col("at").dt.date().alias("day"), "_from", "_until", words=words
    )
    found: pl.DataFrame = rows.collect()
    return found.select(*SAID)


def _words(props: str) -> str:
    """The texts among what was told, whatever they are called."""
    given = json.loads(props)
    values = given.values() if isinstance(given, dict) else ()
    return "\n".join(text for value in values for text in _texts(value)).lower()


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def with_count(found: pl.DataFrame, leaf: Leaf, told: pl.DataFrame) -> pl.DataFrame:
    """How often the words of a question were heard in its window; never is 0."""
    words = leaf.subject.slug.removeprefix(HEARD).lower()
    rows = told.filter(pl.col("words").str.contains(words, literal=True))
    span = timedelta(days=leaf.in_days or 1)
    keys = ["account_id", "as_of"]
    heard = (
        found.select(keys)
        .join(rows, on="account_id")
        .filter(
            (pl.col("_from") <= pl.col("as_of"))
            & (pl.col("_until").is_null() | (pl.col("as_of") < pl.col("_until")))
            & (pl.col("day") > pl.col("as_of") - span)
        )
        .group_by(keys)
        .agg(pl.len().cast(pl.Float64).alias(leaf.column))
    )
    return found.join(heard, on=keys, how="left").with_columns(pl.col(leaf.column).fill_null(0.0))
