"""Whatever is told of a contract, in whatever order: movements add up to its ARR, and what was known then stays."""

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from keepwell.kernel.moments import start_of
from keepwell.ledger.actions import contracts, relay
from keepwell.ledger.models import Contract
from keepwell.ledger.queries import movements
from tests import world
from tests.world import TESTS

FIRST = date(2026, 5, 1)
FAR = FIRST + timedelta(days=60)
STARTS = st.sampled_from([0, 10, 20]).map(lambda n: FIRST + timedelta(days=n))
DAYS = st.integers(0, 40).map(lambda n: FIRST + timedelta(days=n))


class Told(NamedTuple):
    """What is said of the contract, and on which day."""

    on: date
    arr: int
    start: date
    end: date | None
    effective: date | None


@st.composite
def tellings(draw: st.DrawFn) -> list[Told]:
    found = []
    for on in sorted(draw(st.lists(DAYS, min_size=1, max_size=5, unique=True))):
        start = draw(STARTS)
        end = draw(
            st.none() | st.sampled_from([10, 20]).map(lambda n, start=start: start + timedelta(days=n))
        )
        effective = draw(st.none() | st.integers(0, 30).map(lambda n, on=on: on - timedelta(days=n)))
        found.append(Told(on, draw(st.integers(1, 2)) * 100, start, end, effective))
    return found


def spans(told: list[Told]) -> list[tuple[date, Told]]:
    """From which day each of the terms holds, said plainly."""
    first = told[0]
    found = [(min(first.on, first.start), first)]
    for now in told[1:]:
        before = found[-1][1]
        if (now.arr, now.start, now.end) == (before.arr, before.start, before.end):
            since = now.effective if now.effective and len(found) > 1 else None
            if since is None or since == found[-1][0]:
                continue
            found = found[:-1]
        elif now.effective:
            since = now.effective
        elif before.end and now.start > before.start and now.start >= before.end:
            since = now.start
        elif (
            before.end
            and before.end <= now.on
            and now.start == before.start
            and (not now.end or now.end > before.end)
        ):
            since = before.end
        else:
            since = max(now.on, found[-1][0] if len(found) > 1 else now.on)
        if now.effective and since <= found[0][0]:
            found = [(min(now.on, now.start), now)]
        else:
            found = [
                *(each for each in found[:1]),
                *(each for each in found[1:] if each[0] < since),
                (since, now),
            ]
    return found


def arr_on(day: date, told: list[Told]) -> int:
    holding = [now for since, now in spans(told) if since <= day]
    if not holding:
        return 0
    now = holding[-1]
    return now.arr if now.start <= day and (now.end is None or day < now.end) else 0


def moved(known_by: datetime | None = None) -> list[tuple[date, int]]:
    found = movements.of_book(seen_by=TESTS, until=FAR, known_by=known_by)
    return [(movement.day, int(movement.amount.amount)) for movement in found]


@pytest.mark.usefixtures("_own_lake", "db")
class Tellings(TestCase):
    """Hypothesis draws what is told."""

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(told=tellings())
    def test_movements_add_up_and_what_was_known_stays(self, told: list[Told]) -> None:
        with tempfile.TemporaryDirectory() as folder, self.settings(KEEPWELL_DATA=Path(folder)):
            self._tell(told)

    def _tell(self, told: list[Told]) -> None:
        world.build(at=start_of(FIRST))
        as_known: list[list[tuple[date, int]]] = []
        for now in told:
            row: dict[str, Any] = {"key": "c", "account": "elm", "arr": now.arr, "start_date": now.start}
            row |= {"end_date": now.end, "effective": now.effective}
            at = start_of(now.on) + timedelta(hours=9)
            (verdict,) = contracts.upsert(rows=[row], source="crm", by=TESTS, at=at, vouched=False)
            assert verdict.outcome != "rejected"
            relay.all_waiting(at=at)
            as_known.append(moved())
        for count, found in enumerate(as_known, start=1):
            known_by = start_of(told[count - 1].on) + timedelta(hours=10)
            assert moved(known_by=known_by) == found
            for day in (FIRST + timedelta(days=n) for n in range(-35, 60)):
                assert sum(amount for when, amount in found if when <= day) == arr_on(day, told[:count]), day
        Contract.objects.all().delete()
