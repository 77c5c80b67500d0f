"""A long list, page after page, in constant memory."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Row = TypeVar("Row")


def each(page: Callable[[int], Sequence[Row]]) -> Iterator[Row]:
    """All rows of a list of which one page at a time is asked by its offset, until one is empty."""
    offset = 0
    while found := page(offset):
        yield from found
        offset += len(found)
