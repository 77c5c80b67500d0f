"""Since when the company tells of each kind of fact: kept from run to run, that a new fact does not ask all again."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import narwhals as nw
import polars as pl

from keepwell.ledger import frames
from keepwell.ledger.catalogue import FACTS, REWRITES_PAST
from keepwell.ledger.queries import touched
from keepwell.metrics.queries import facts

FEW = 1000
SCHEMA: Mapping[str, Any] = {
    "name": pl.String,
    "at": pl.Datetime("us", "UTC"),
    "known_at": pl.Datetime("us", "UTC"),
}


def written(feed: pl.DataFrame, *, families: Collection[str]) -> dict[str, Any]:
    """A feed as JSON, with what it was asked for."""
    first = [[name, at.isoformat(), known_at.isoformat()] for name, at, known_at in feed.iter_rows()]
    return {"families": sorted(families), "first": first}


def followed(
    kept: dict[str, Any] | None, *, families: Collection[str], until: datetime, after_batch: int | None
) -> pl.DataFrame:
    """The feed as `facts.feed` gives it, from what was kept before a batch and the few events that came after.

    The whole lake is asked where nothing fits: nothing kept, other families, many events, or such that rewrite the past.
    """
    new = None
    if kept is not None and kept["families"] == sorted(families) and after_batch is not None:
        new = _news(after_batch, families, until)
    if kept is None or new is None:
        return facts.feed(families=families, until=until, known_by=None)
    moments = [
        (name, datetime.fromisoformat(at), datetime.fromisoformat(by)) for name, at, by in kept["first"]
    ]
    both = pl.concat([pl.DataFrame(moments, schema=SCHEMA, orient="row"), new])
    return both.sort("at", "known_at").group_by("name").first()


def _news(after_batch: int, families: Collection[str], until: datetime) -> pl.DataFrame | None:
    """What came after a batch, of these families; None where it may change what was before."""
    rows = touched.facts(after_batch=after_batch, most=FEW + 1)
    rewrites = rows["name"].is_in([*REWRITES_PAST, "event.retracted"]).any()
    if rows.height > FEW or rewrites:
        return None
    names = [name for name in FACTS if name.startswith(tuple(families))]
    some = rows.filter((pl.col("at") < until) & pl.col("name").is_in(names))
    if some.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    counted = frames.counted(nw.from_native(some.lazy()), kind="fact").to_native().collect()
    return frames.resolved_few(counted).select(*SCHEMA)
