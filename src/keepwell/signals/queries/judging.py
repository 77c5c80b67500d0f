"""Rules judged for accounts now: fired, quiet, or unknown because."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw
import polars as pl

from keepwell.ledger.models import Account
from keepwell.metrics.conditions import frames, judging, tree
from keepwell.metrics.conditions.tree import Condition
from keepwell.segments.queries import columns
from keepwell.segments.queries.columns import Held

BLOCK = 10_000


@dataclass(frozen=True)
class Judged:
    """What rules say of some accounts: `table` has the columns that are asked about and, by rule, a nullable truth.

    `spoken` are the counted events that happened anywhere: before the first one nothing is known of them.
    """

    table: pl.DataFrame
    conditions: Mapping[int, Condition]
    day: date
    spoken: tuple[str, ...]

    def answers(self, rule: int) -> pl.DataFrame:
        """account_id and holds (null: unknown) of one rule."""
        return self.table.select("account_id", holds=pl.col(_name(rule)))

    def because(self, rule: int, accounts: Collection[int]) -> dict[int, tuple[str, ...]]:
        """Why it is as it is, for some accounts."""
        rows = self.table.filter(pl.col("account_id").is_in(list(accounts)))
        condition = self.conditions[rule]
        asked = {leaf.column for leaf in tree.leaves(condition)}
        return {
            row["account_id"]: judging.judge(condition, row, as_of=self.day).because
            for row in rows.select("account_id", *sorted(asked)).iter_rows(named=True)
        }

    def seen(self, rule: int, accounts: Collection[int]) -> dict[int, dict[str, Any]]:
        """What was seen of each question, for some accounts."""
        asked = sorted({leaf.column for leaf in tree.leaves(self.conditions[rule])})
        rows = self.table.filter(pl.col("account_id").is_in(list(accounts))).select("account_id", *asked)
        return {
            row.pop("account_id"): {name: _plain(value) for name, value in row.items()}
            for row in rows.iter_rows(named=True)
        }


def everybody() -> list[int]:
    """All accounts that are ones of their own."""
    return list(Account.objects.filter(merged_into=None).order_by("pk").values_list("pk", flat=True))


def judged(
    conditions: Mapping[int, Condition], *, accounts: Sequence[int], day: date, whole: bool
) -> Iterator[Judged]:
    """What each rule says of each account on the current day, some accounts after the others.

    `whole` says that these are all: then what is read is not narrowed. A few scans of the facts whatever the number of rules.
    """
    if not conditions or not accounts:
        return
    held = columns.held(list(conditions.values()), days=[day], accounts=None if whole else accounts)
    for start in range(0, len(accounts), BLOCK):
        yield _block(conditions, accounts[start : start + BLOCK], day, held)


def _block(conditions: Mapping[int, Condition], accounts: Sequence[int], day: date, held: Held) -> Judged:
    schema = {"account_id": pl.Int64, "as_of": pl.Date}
    asked = pl.DataFrame({"account_id": accounts, "as_of": [day] * len(accounts)}, schema=schema)
    table = columns.table(asked, held)
    said = {_name(rule): _present(condition) for rule, condition in conditions.items()}
    found: pl.DataFrame = nw.from_native(table.lazy()).with_columns(**said).collect().to_native()
    return Judged(found, conditions, day, tuple(name for name, rows in held.events.items() if rows.height))


def _present(condition: Condition) -> nw.Expr:
    """Whoever left is watched no more, unless that is what is asked."""
    holds = frames.holds(condition)
    if "former" in tree.subjects(condition):
        return holds
    return nw.when(nw.col("former")).then(nw.lit(value=False)).otherwise(holds)


def _name(rule: int) -> str:
    return f"rule:{rule}"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
