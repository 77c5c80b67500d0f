"""Fields that happen again and again: the row shows the last time, the ledger hears of each."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from keepwell.ledger.actions.upserts import Row


def repeats(*, last: str, log: str) -> Callable[[Any, Row, datetime], Row]:
    """Gives rows all moments of a field that repeats: a later one is one more, an earlier one corrects those after it."""

    def amended(instance: Any, row: Row, _: datetime) -> Row:
        if last not in row:
            return row
        moment, known = row[last], getattr(instance, log)
        if moment is None:
            return {**row, log: []}
        return {**row, log: [*(each for each in known if each < moment), moment]}

    return amended


def states(instance: Any, row: Row, at: datetime) -> Row:
    """The row with all states it had, as [state, since]: another one begins at `since`, or now."""
    return {**row, **spells(instance, row.get("state", instance.state), since=row.get("since"), at=at)}


def spells(instance: Any, state: Any, *, since: datetime | None, at: datetime) -> Row:
    """Since when the present state holds, and all states that there were; `state` is anything that JSON holds."""
    known: list[list[Any]] = instance.states
    stays = bool(known) and known[-1][0] == state
    since = since or (instance.since if stays else at)
    before = [each for each in known if datetime.fromisoformat(each[1]) < since]
    if stays and len(before) == len(known):
        before = before[:-1]  # the same state, from another moment on
    return {"since": since, "states": [*before, [state, since.isoformat()]]}
