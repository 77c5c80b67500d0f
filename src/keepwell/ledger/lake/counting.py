"""Counting events where they lie: of each account key and day, by the codes that the files keep in place of texts.

Parquet writes a text column as a list of its different texts and a number for each row. A question that only counts needs the
numbers alone: an account, a day and what was done make one integer, and integers are counted by adding one at their place.
"""

import math
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from keepwell.kernel.moments import DAY
from keepwell.ledger.lake import replacing, table

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_US = DAY // timedelta(microseconds=1)
DENSE = 8  # places for each row that are made at once; where events lie thinner they are sorted instead
Whole = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]
Asking = Callable[[pl.DataFrame], pl.DataFrame]


class Cut(NamedTuple):
    """The events of a kind with since ≤ at < until and known_at < known_by (None: as known now)."""

    kind: str
    since: datetime
    until: datetime
    known_by: datetime | None


class Coded(NamedTuple):
    """The number of each row's text, and the texts."""

    codes: Whole
    texts: Any


class Counts(NamedTuple):
    """Which groups occur, ascending; how many events each has; and a list of how many fulfil each truth."""

    groups: Whole
    all: Whole
    of_truths: list[Whole]


def by_day(files: Sequence[str], cut: Cut, *, texts: Sequence[str], truths: Asking) -> pl.DataFrame:
    """The events of some files that name an account, counted: account (the raw key), day, n0 (all), and a column a truth.

    `truths` is told distinct rows of the `texts` columns and answers which of several things each is, a column of truths for
    each thing; null is none. Several rows may stand for one account and day: as many as parts of files hold it. Reads a part of
    a file at a time, as many files at once as there are processors.
    """
    known = _Known(texts, truths)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        parts = [part for found in pool.map(lambda file: _of_file(file, cut, known), files) for part in found]
    return pl.concat([known.nothing(), *parts])


class _Known:
    """What is known of each different row of the text columns: it is asked for once."""

    def __init__(self, texts: Sequence[str], truths: Asking) -> None:
        self.texts, self._truths = list(texts), truths
        self._answers: dict[tuple[str, ...], tuple[bool, ...]] = {}
        self.columns = self._asked([("",) * len(texts)]).columns

    def nothing(self) -> pl.DataFrame:
        return pl.DataFrame(
            schema={"account": pl.String, "day": pl.Date, "n0": pl.Int64}
            | dict.fromkeys(self.columns, pl.Int64)
        )

    def of(self, rows: Sequence[tuple[str, ...]]) -> Truth:
        """A row of truths for each of the rows."""
        if new := [row for row in dict.fromkeys(rows) if row not in self._answers]:
            self._answers |= dict(zip(new, self._asked(new).rows() or [()] * len(new), strict=True))
        return np.array([self._answers[row] for row in rows], dtype=bool).reshape(
            len(rows), len(self.columns)
        )

    def _asked(self, rows: Sequence[tuple[str, ...]]) -> pl.DataFrame:
        told = pl.DataFrame(rows, schema=dict.fromkeys(self.texts, pl.String), orient="row")
        if not self.texts:
            told = pl.DataFrame({"_": [None] * len(rows)})
        return self._truths(told).fill_null(value=False)


def _of_file(file: str, cut: Cut, known: _Known) -> list[pl.DataFrame]:
    with _opened(file, ["account", "kind", *known.texts]) as parquet:
        return [
            part
            for group in range(parquet.metadata.num_row_groups)
            for part in _of_group(parquet, group, cut, known)
        ]


def _opened(file: str, texts: Sequence[str]) -> pq.ParquetFile:
    coded: Any = sorted(set(texts))
    if table.is_local():
        return pq.ParquetFile(file, read_dictionary=coded)
    path = file.removeprefix(table.uri() + "/")
    return pq.ParquetFile(path, read_dictionary=coded, filesystem=replacing.storage(table.opened()))


def _of_group(parquet: pq.ParquetFile, group: int, cut: Cut, known: _Known) -> Iterator[pl.DataFrame]:
    bounds = _bounds(parquet.metadata.row_group(group))
    if not (
        _overlaps(bounds.get("kind"), cut.kind, cut.kind)
        and _overlaps(bounds.get("at"), cut.since, cut.until)
    ):
        return
    looked = ["kind"] if bounds.get("kind") != (cut.kind, cut.kind) else []
    looked += ["known_at"] if cut.known_by is not None else []
    wanted = sorted({"account", "at", *known.texts, *looked})
    rows = parquet.read_row_group(group, columns=wanted, use_threads=False)
    for batch in rows.combine_chunks().to_batches():
        asked = _asked(batch, cut, looked)
        if asked is None or asked.any():
            yield _counted(batch, asked, known)


def _bounds(group: Any) -> dict[str, tuple[Any, Any]]:
    """The least and the greatest value of the columns that are asked for, in a part of a file, where it says them."""
    columns = [group.column(n) for n in range(group.num_columns)]
    told = {c.path_in_schema: c.statistics for c in columns if c.path_in_schema in ("kind", "at")}
    return {
        name: (said.min, said.max) for name, said in told.items() if said is not None and said.has_min_max
    }


def _overlaps(bounds: tuple[Any, Any] | None, low: Any, high: Any) -> bool:
    return bounds is None or bool(bounds[1] >= low and bounds[0] <= high)


def _asked(batch: pa.RecordBatch, cut: Cut, looked: Sequence[str]) -> Truth | None:
    """Which rows are meant; None: all of them, as in most parts of most files."""
    at, accounts = _moments(batch["at"]), _codes(batch["account"])
    parts = [*_within(at, _number(cut.since), _number(cut.until)), *_meant(accounts, lambda text: text != "")]
    if "kind" in looked:
        parts += _meant(_codes(batch["kind"]), lambda text: text == cut.kind)
    if cut.known_by is not None:
        parts.append(_moments(batch["known_at"]) < _number(cut.known_by))
    return np.logical_and.reduce(parts) if parts else None


def _within(moments: Whole, since: int, until: int) -> list[Truth]:
    if moments.min() >= since and moments.max() < until:
        return []
    return [(moments >= since) & (moments < until)]


def _meant(coded: Coded, is_meant: Callable[[str], bool]) -> list[Truth]:
    """Whether each row has one of the meant texts; nothing if all have."""
    found = np.array([is_meant(text) for text in coded.texts.to_pylist()], dtype=bool)
    return [] if found.all() else [found[coded.codes]]


def _counted(batch: pa.RecordBatch, asked: Truth | None, known: _Known) -> pl.DataFrame:
    """One part: its events as one integer each, counted, and added up for each account and day."""

    def some(column: Whole) -> Whole:
        return column if asked is None else column[asked]

    names = _codes(batch["account"])
    days = some(_moments(batch["at"])) // DAY_US
    first = int(days.min())
    span = int(days.max()) - first + 1
    done, truths = _things([_codes(batch[name]) for name in known.texts], len(batch), known)
    days -= first
    cells = some(names.codes).astype(np.int64)  # in its own place: most of the time goes to moving memory
    cells *= span
    cells += days
    cells += some(done) * np.int64(len(names.texts) * span)
    counts = _summed(cells, len(names.texts) * span, truths)
    account, day = np.divmod(counts.groups, span)
    texts: Any = names.texts.take(pa.array(account))
    return pl.DataFrame(
        {
            "account": pl.Series(texts, dtype=pl.String),
            "day": pl.Series(day + first).cast(pl.Int32).cast(pl.Date),
            "n0": counts.all,
            **dict(zip(known.columns, counts.of_truths, strict=True)),
        }
    )


def _codes(column: Any) -> Coded:
    if column.null_count:
        column = pc.fill_null(column.cast(pa.string()), "").dictionary_encode()
    return Coded(column.indices.to_numpy(), column.dictionary)


def _moments(column: Any) -> Whole:
    found: Whole = column.cast(pa.int64()).to_numpy()
    return found


def _number(moment: datetime) -> int:
    """Microseconds since 1970, as the lake keeps moments."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def _things(coded: Sequence[Coded], height: int, known: _Known) -> tuple[Whole, Truth]:
    """What was done, as a number a row, and what each number is."""
    done = coded[0].codes if coded else np.zeros(height, dtype=np.int64)
    for codes, texts in coded[1:]:
        done = done.astype(np.int64) * len(texts) + codes
    size = math.prod(len(texts) for _, texts in coded)
    if size <= height:
        different: Whole = np.arange(size)
    else:
        different, done = np.unique(done, return_inverse=True)
    places = np.unravel_index(different, [len(texts) for _, texts in coded]) if coded else ()
    columns = [
        texts.take(pa.array(place)).to_pylist() for place, (_, texts) in zip(places, coded, strict=True)
    ]
    return done, known.of(list(zip(*columns, strict=True)) if columns else [()])


def _summed(cells: Whole, groups: int, truths: Truth) -> Counts:
    """The counts of each group that occurs: a cell is the number of the thing that was done, times `groups`, plus the group."""
    if groups * len(truths) > DENSE * len(cells):
        return _summed_thin(cells, groups, truths)
    counts = np.bincount(cells, minlength=groups * len(truths)).reshape(len(truths), groups)
    whole = counts.sum(axis=0)
    found = np.flatnonzero(whole)
    return Counts(found, whole[found], [_added(counts, truth)[found] for truth in truths.T])


def _added(counts: Whole, truth: Truth) -> Whole:
    """The counts of the things that fulfil a truth, most often of one: its row is not copied."""
    rows = np.flatnonzero(truth)
    added: Whole = counts[rows[0]] if len(rows) == 1 else counts[rows].sum(axis=0)
    return added


def _summed_thin(cells: Whole, groups: int, truths: Truth) -> Counts:
    """The same of few events among many possible cells."""
    different, counts = np.unique(cells, return_counts=True)
    thing, group = np.divmod(different, groups)
    found, place = np.unique(group, return_inverse=True)

    def added(chosen: Any) -> Whole:
        sums = np.bincount(place[chosen], weights=counts[chosen], minlength=len(found))
        return sums.astype(np.int64)  # exact up to 2^53

    return Counts(found, added(slice(None)), [added(truth[thing]) for truth in truths.T])
