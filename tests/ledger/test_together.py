"""What comes while somebody stores is stored together with the next; what cannot be stored costs nobody else anything."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from keepwell.ledger.actions.together import Together
from tests.stories.conftest import until


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
