"""Movements add up to the change of ARR, over any contracts that can be told."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

import narwhals as nw
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from keepwell.ledger.formulas import movements as formula

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(14)]
TERMS = {
    "account_id": pl.Int64,
    "contract": pl.String,
    "at": pl.Datetime("us", "UTC"),
    "known_at": pl.Datetime("us", "UTC"),
    "arr": pl.Float64,
    "currency": pl.String,
    "start_date": pl.Date,
    "end_date": pl.Date,
}
LEFT = {"account_id": pl.Int64, "at": pl.Datetime("us", "UTC"), "known_at": pl.Datetime("us", "UTC")}


class Terms(NamedTuple):
    """What a contract's event says."""

    account_id: int
    contract: str
    at: datetime
    known_at: datetime
    arr: float | None
    currency: str
    start_date: date
    end_date: date | None


class Moved(NamedTuple):
    """A movement, without when it was known."""

    account_id: int
    currency: str
    day: date
    amount: float
    kind: str


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def moved(terms: Sequence[Terms], left: Sequence[tuple[int, date]] = ()) -> list[Moved]:
    contracts = nw.from_native(pl.LazyFrame(list(terms), schema=TERMS, orient="row"))
    gone = [(account, noon(day), noon(day)) for account, day in left]
    departures = nw.from_native(pl.LazyFrame(gone, schema=LEFT, orient="row"))
    frame = formula.movements(formula.steps(contracts, departures)).collect().to_native()
    rows = frame.select("account_id", "currency", "day", "amount", "kind").sort(
        "account_id", "day", "currency"
    )
    return [Moved(*row) for row in rows.iter_rows()]


def sign(arr: float | None, start: int, end: int | None = None, *, key: str = "c", **more: Any) -> Terms:
    told = {
        "account_id": 1,
        "contract": key,
        "at": noon(DAYS[start]),
        "known_at": noon(DAYS[start]),
        "arr": arr,
        "currency": "USD",
        "start_date": DAYS[start],
        "end_date": None if end is None else DAYS[end],
    }
    return Terms(**(told | more))


def test_a_life_of_an_account_in_five_movements() -> None:
    terms = [
        sign(100, 0, 6),
        sign(150, 0, 6, at=noon(DAYS[2])),
        sign(120, 0, 6, at=noon(DAYS[4])),
        sign(90, 9, key="d"),
    ]
    assert [(m.kind, m.amount, m.day) for m in moved(terms)] == [
        ("new", 100, DAYS[0]),
        ("expansion", 50, DAYS[2]),
        ("contraction", -30, DAYS[4]),
        ("churn", -120, DAYS[6]),
        ("reactivation", 90, DAYS[9]),
    ]


def test_a_renewal_on_the_day_of_the_end_moves_only_by_the_difference() -> None:
    terms = [sign(100, 0, 5), sign(130, 5, key="d")]
    assert [(m.kind, m.amount) for m in moved(terms)] == [("new", 100), ("expansion", 30)]
    assert [(m.kind, m.amount) for m in moved([sign(100, 0, 5), sign(100, 5, key="d")])] == [("new", 100)]


def test_another_currency_is_a_movement_of_each() -> None:
    terms = [sign(100, 0, 5), sign(80, 5, key="d", currency="EUR")]
    assert [(m.kind, m.currency, m.amount) for m in moved(terms)] == [
        ("new", "USD", 100),
        ("expansion", "EUR", 80),
        ("contraction", "USD", -100),
    ]


def test_leaving_ends_what_had_begun_and_not_what_begins_later() -> None:
    terms = [sign(100, 0), sign(70, 8, key="d")]
    assert [(m.kind, m.day, m.amount) for m in moved(terms, [(1, DAYS[4])])] == [
        ("new", DAYS[0], 100),
        ("churn", DAYS[4], -100),
        ("reactivation", DAYS[8], 70),
    ]


def test_a_contract_that_states_no_arr_moves_nothing() -> None:
    assert moved([sign(None, 0, 5), sign(0, 2, 6, key="d")]) == []


PLACES = st.integers(0, len(DAYS) - 1)


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    start = draw(PLACES)
    at = datetime.combine(DAYS[draw(PLACES)], draw(st.sampled_from([time(0), time(23, 59)])), tzinfo=UTC)
    return Terms(
        account_id=draw(st.integers(1, 2)),
        contract=draw(st.sampled_from(["a", "b", "c"])),
        at=at,
        known_at=at + timedelta(days=draw(st.integers(0, 3))),
        arr=draw(st.none() | st.integers(0, 300).map(float)),
        currency=draw(st.sampled_from(["USD", "EUR"])),
        start_date=DAYS[start],
        end_date=draw(st.none() | st.integers(start, len(DAYS) + 5).map(lambda n: FIRST + timedelta(days=n))),
    )


def arr_on(
    day: date, told: Sequence[Terms], left: Sequence[tuple[int, date]]
) -> dict[tuple[int, str], float]:
    """What is signed on a day, said plainly: the last terms of each contract, if they hold."""
    last: dict[tuple[int, str], Terms] = {}
    far = date.max
    for row in sorted(
        told, key=lambda r: (r.at, r.known_at, r.start_date, r.end_date or far, r.currency, r.arr)
    ):
        if row.at.date() <= day:
            last[row.account_id, row.contract] = row
    found: dict[tuple[int, str], float] = defaultdict(float)
    for (account, _), row in last.items():
        is_gone = any(who == account and row.start_date <= when <= day for who, when in left)
        if row.start_date <= day and (row.end_date is None or day < row.end_date) and not is_gone:
            found[account, row.currency] += row.arr or 0
    return {key: amount for key, amount in found.items() if amount}


@given(
    told=st.lists(terms(), max_size=8, unique_by=lambda row: (row.contract, row.at)),
    left=st.lists(st.tuples(st.integers(1, 2), st.sampled_from(DAYS)), max_size=2),
)
def test_movements_up_to_a_day_add_up_to_the_arr_of_that_day(
    told: list[Terms], left: list[tuple[int, date]]
) -> None:
    all_of_them = moved(told, left)
    for day in DAYS:
        sums: dict[tuple[int, str], float] = defaultdict(float)
        for movement in all_of_them:
            if movement.day <= day:
                sums[movement.account_id, movement.currency] += movement.amount
        assert {key: amount for key, amount in sums.items() if amount} == arr_on(day, told, left)
    _kinds_fit(all_of_them, told, left)


def _kinds_fit(all_of_them: list[Moved], told: list[Terms], left: list[tuple[int, date]]) -> None:
    """Each kind is what the ARR of the account before and after the day makes it."""
    for movement in sorted(all_of_them, key=lambda m: m.day):
        account = movement.account_id
        stood = any(who == account for who, _ in arr_on(movement.day - timedelta(days=1), told, left))
        stands = any(who == account for who, _ in arr_on(movement.day, told, left))
        if not stood:
            before = any(m.account_id == account and m.day < movement.day for m in all_of_them)
            assert movement.kind == ("reactivation" if before else "new")
        elif not stands:
            assert movement.kind == "churn"
        else:
            assert movement.kind == ("expansion" if movement.amount > 0 else "contraction")
