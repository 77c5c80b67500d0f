"""How many events there were on each day, counted from the lake's files without making rows of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import narwhals as nw
import polars as pl

from keepwell.ledger import lake
from keepwell.ledger.engines import EMBEDDED, Dialect, Frame
from keepwell.ledger.queries import retractions

TEXTS = ("name", "feature", "source")


def by_day(
    truths: Mapping[str, nw.Expr],
    *,
    texts: Sequence[str],
    kind: str,
    since: datetime,
    until: datetime,
    known_by: datetime | None,
    engine: Dialect = EMBEDDED,
) -> Frame | None:
    """The events of a kind that name an account, as `frames.told` gives them: account (the raw key), day, n0 (all), and how
    many fulfil each of the truths, which ask nothing but `texts`.

    Several rows may stand for one account and day. None where rows must be looked at one by one: something was taken back, or
    another engine than Polars answers. Two queries.
    """
    gone = retractions.known(known_by=known_by, kind=kind)
    if engine is not EMBEDDED or gone.keys or gone.origins:
        return None
    files = lake.snapshot(since=since, until=until, known_by=known_by, kind=kind).files
    cut = lake.Cut(kind, since, until, known_by)

    def told(rows: pl.DataFrame) -> pl.DataFrame:
        said: pl.DataFrame = nw.from_native(rows).select(**truths).to_native()
        return said

    return nw.from_native(lake.by_day(files, cut, texts=texts, truths=told).lazy())
