"""Questions that are put again and again to small tables: planned once, answered of ever new rows.

Planning a deep question takes several times as long as answering it on a few hundred rows. What a question depends on beside
the rows is among its arguments, so a plan can serve whoever asks the same again; it holds no rows itself.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import partial
from threading import Lock
from typing import Any

import narwhals as nw
import polars as pl
from polars.io.plugins import register_io_source

Frame = nw.LazyFrame[Any]
Tables = Mapping[str, pl.DataFrame]
Question = Callable[..., Mapping[str, Frame]]
MOST = 64  # plans that are kept, those that were last used


class Plan:
    """What a question makes of tables with these columns, ready to run."""

    def __init__(
        self, question: Question, schemas: Mapping[str, pl.Schema], about: tuple[Hashable, ...]
    ) -> None:
        self._tables: Tables = {}
        self._running = Lock()
        leaves = {
            name: nw.from_native(register_io_source(partial(self._read, name), schema=schema))
            for name, schema in schemas.items()
        }
        self._answers = {name: frame.to_native() for name, frame in question(leaves, *about).items()}

    def run(self, tables: Tables) -> dict[str, pl.DataFrame]:
        """The answers of these rows, by their names; one run at a time."""
        with self._running:
            self._tables = tables
            try:
                found = pl.collect_all(self._answers.values(), engine="in-memory")
            finally:
                self._tables = {}
        return dict(zip(self._answers, found, strict=True))

    def _read(
        self,
        name: str,
        columns: list[str] | None,
        predicate: pl.Expr | None,
        most: int | None,
        _batch: int | None,
    ) -> Iterator[pl.DataFrame]:
        rows = self._tables[name]
        if predicate is not None:
            rows = rows.filter(predicate)
        if columns is not None:
            rows = rows.select(columns)
        yield rows if most is None else rows.head(most)


_PLANS: OrderedDict[Hashable, Plan] = OrderedDict()
_KEEPING = Lock()


def answered(question: Question, tables: Tables, *about: Hashable) -> dict[str, pl.DataFrame]:
    """What a question makes of tables: `question(frames, *about)`, lazy frames in and out by their names.

    The question is a function of a module, and hangs on nothing but its arguments.
    """
    schemas = {name: table.schema for name, table in tables.items()}
    key = (question, about, *((name, *schema.items()) for name, schema in schemas.items()))
    with _KEEPING:
        plan = _PLANS.get(key)
        if plan is not None:
            _PLANS.move_to_end(key)
    if plan is None:
        plan = Plan(question, schemas, about)
        with _KEEPING:
            _PLANS[key] = plan
            while len(_PLANS) > MOST:
                _PLANS.popitem(last=False)
    return plan.run(tables)
