"""Events that mean no account yet: kept, and counted as soon as an account claims their key."""

import polars as pl

from keepwell.ledger import frames, lake


def count() -> int:
    """How many events in the lake name neither a known account nor a person of exactly one. Reads the keys once."""
    said = lake.scan().select("account", "person", "at")
    counts = [frame.select(pl.len()) for frame in (said, frames.resolved(said))]
    every, meant = (frame.item() for frame in pl.collect_all(counts))
    return int(every - meant)
