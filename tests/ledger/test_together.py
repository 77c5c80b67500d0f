"""What comes while somebody stores is stored together with the next; what cannot be stored costs nobody else anything."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from keepwell.ledger import parcels
from keepwell.ledger.actions import events
from keepwell.ledger.actions.together import Together
from keepwell.ledger.event import Event
from tests.stories.conftest import until
from tests.world import NOW


class Slow:
    """Something that stores numbers, no odd thousand, and can be held up."""

    def __init__(self) -> None:
        self.go_on, self.groups = threading.Event(), list[list[int]]()

    def store(self, numbers: Sequence[int]) -> None:
        self.groups.append(list(numbers))
        assert self.go_on.wait(30)
        if any(number % 1000 == 999 for number in numbers):
            raise ValueError("an odd thousand")


def put(numbers: Sequence[int], *, most: int = 100) -> tuple[Slow, dict[int, Future[None]]]:
    """The first number comes first, then the others while it is being stored."""
    slow = Slow()
    together: Together[int] = Together(slow.store, most=most)
    with ThreadPoolExecutor(len(numbers)) as threads:
        put = {numbers[0]: threads.submit(together.put, numbers[0])}
        assert until(lambda: slow.groups)
        for count, number in enumerate(numbers[1:], 1):
            put[number] = threads.submit(together.put, number)
            assert until(lambda count=count: len(together) == count)
        slow.go_on.set()
    return slow, put


def test_who_comes_alone_is_stored_alone_and_at_once() -> None:
    stored: list[list[int]] = []
    together: Together[int] = Together(lambda numbers: stored.append(list(numbers)), most=9)
    for number in range(3):
        together.put(number)
    assert stored == [[0], [1], [2]]


def test_what_comes_meanwhile_is_stored_together() -> None:
    slow, put_ = put([1, 2, 3, 4])
    assert slow.groups == [[1], [2, 3, 4]]
    assert [future.result() for future in put_.values()] == [None] * 4


def test_no_more_than_so_many_are_stored_together() -> None:
    slow, _ = put([1, 2, 3, 4, 5, 6], most=2)
    assert slow.groups == [[1], [2, 3], [4, 5], [6]]


def test_one_that_cannot_be_stored_costs_its_neighbours_nothing() -> None:
    slow, put_ = put([1, 2, 999, 4])
    assert slow.groups[:2] == [[1], [2, 999, 4]]
    assert sorted(slow.groups[2:]) == [[2], [4], [999]]
    assert [type(future.exception()) for future in put_.values()] == [
        type(None),
        type(None),
        ValueError,
        type(None),
    ]


def test_one_that_fails_alone_is_told_once_and_the_next_goes_on() -> None:
    slow, put_ = put([999, 2])
    assert slow.groups == [[999], [2]]
    with pytest.raises(ValueError, match="odd thousand"):
        put_[999].result()
    assert put_[2].result() is None


def _track(number: int) -> None:
    said = Event(id=f"e{number}", account="birch", name="x", at=NOW, source="t")
    try:
        events.track(columns=parcels.of([said], received_at=NOW))
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_requests_that_come_while_one_is_stored_share_the_next_commit_and_wait_for_it() -> None:
    with ThreadPoolExecutor(5) as threads:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE ledger_parcel IN SHARE MODE")
            tracked = [threads.submit(_track, 0)]
            assert until(_somebody_waits_for_the_table)
            tracked += [threads.submit(_track, number) for number in range(1, 5)]
            assert until(lambda: len(events._together) == 4)
            assert not any(future.done() for future in tracked)
        assert [future.result() for future in tracked] == [None] * 5
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_parcel GROUP BY xmin::text ORDER BY count(*)")
        assert cursor.fetchall() == [(1,), (4,)]


def _somebody_waits_for_the_table() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'ledger_parcel'::regclass AND NOT granted)"
        )
        return bool(cursor.fetchone()[0])
