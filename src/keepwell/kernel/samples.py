"""Samples that are always the same ones."""

from collections.abc import Iterable

SHUFFLE, SPAN = 2654435761, 2**32


def steady(ids: Iterable[int], *, most: int | None) -> list[int]:
    """At most so many of these ids, in an order that has nothing to do with their age; all without `most`.

    Knuth's multiplicative hash is the fixed shuffle, so that asking again asks the same.
    """
    return sorted(ids, key=lambda one: one * SHUFFLE % SPAN)[:most]
