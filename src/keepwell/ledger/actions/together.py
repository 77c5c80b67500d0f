"""Store what many requests bring with as few commits as will do.

While one of them waits for its commit to be durable, those that come meanwhile queue up; then the first of these stores all
of theirs in one statement. So nobody waits for company: who comes alone stores at once.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class _Place(Generic[T]):
    """Somebody's place in the queue: what they bring, and what became of it."""

    __slots__ = ("brought", "done", "failure", "turn")

    def __init__(self, brought: T) -> None:
        self.brought, self.done, self.failure = brought, False, False
        self.turn = threading.Lock()
        self.turn.acquire()


class Together(Generic[T]):
    """A queue in front of something that stores many things for little more than the price of one."""

    def __init__(self, store: Callable[[Sequence[T]], None], *, most: int) -> None:
        self._store, self._most = store, most
        self._lock = threading.Lock()
        self._queue: list[_Place[T]] = []
        self._busy = False

    def __len__(self) -> int:
        return len(self._queue)

    def put(self, brought: T) -> None:
        """Store something; what `store` raises for it alone is raised. It is stored when this returns."""
        place = _Place(brought)
        with self._lock:
            leads = not self._busy
            self._busy = True
            self._queue.append(place)
        if not leads:
            place.turn.acquire()  # until it is stored, or until it is our turn to store
        if not place.done:
            self._lead()
        if place.failure:
            self._store([brought])

    def _lead(self) -> None:
        with self._lock:
            group, self._queue = self._queue[: self._most], self._queue[self._most :]
        failed = True
        try:
            self._store([place.brought for place in group])
            failed = False
        except Exception:
            if len(group) == 1:
                raise
        finally:
            self._end(group, failed=failed)

    def _end(self, group: Sequence[_Place[T]], *, failed: bool) -> None:
        """Tell the group; one bad thing costs its neighbours nothing, for then each is stored alone. The next one leads."""
        for place in group:
            place.done, place.failure = True, failed
        with self._lock:
            self._busy = bool(self._queue)
            following = self._queue[:1]
        for place in (*group[1:], *following):
            place.turn.release()
