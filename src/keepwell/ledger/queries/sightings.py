"""What new batches of the lake hold, by source and event name: counts, and a sample to look into."""

from typing import NamedTuple

import polars as pl

from keepwell.ledger import frames, lake


class Sightings(NamedTuple):
    """`daily`: source, name, is_usage, day of arrival, events, first_at, last_at. `samples`: source, name, and the lists
    received_at and props of its latest events. `batch`: the last batch looked at.
    """

    daily: pl.DataFrame
    samples: pl.DataFrame
    batch: int


def after(*, batch: int, sample: int) -> Sightings:
    """The batches after one; of each source's name at most `sample` events to look into. Two passes over the new files.

    Only tracked use is looked into: the properties of business facts are our own.
    """
    last = lake.snapshot().batch
    new = lake.scan(after_batch=batch).filter((pl.col("batch") > batch) & (pl.col("batch") <= last))
    usage = pl.col("kind") == "usage"
    daily = (
        new.group_by("source", "name", usage.alias("is_usage"), pl.col("received_at").dt.date().alias("day"))
        .agg(
            pl.len().alias("events"),
            pl.col("received_at").min().alias("first_at"),
            pl.col("received_at").max().alias("last_at"),
        )
        .sort("source", "name", "day")
    )
    samples = (
        new.filter(usage)
        .group_by("source", "name")
        .agg(pl.col("received_at", "props").top_k_by("received_at", sample))
        .sort("source", "name")
    )
    return Sightings(daily.collect(), samples.collect(), last)


def use_by_account(*, after_batch: int = 0) -> pl.DataFrame:
    """account_id, source, first_at, last_at (when it happened), names_people, of tracked use in the batches after one."""
    new = lake.scan(after_batch=after_batch or None).filter(
        (pl.col("kind") == "usage") & (pl.col("batch") > after_batch)
    )
    return (
        frames.resolved(new)
        .group_by("account_id", "source")
        .agg(
            pl.col("at").min().alias("first_at"),
            pl.col("at").max().alias("last_at"),
            (pl.col("person") != "").any().alias("names_people"),
        )
        .collect()
    )
