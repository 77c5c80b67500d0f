"""Rows that name somebody who was erased stay outside, with a reason."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from keepwell.ledger.actions.upserts import Row, Verdict, interleave
from keepwell.ledger.queries import erased

Upsert = Callable[..., list[Verdict]]


def keeps_out(*names: str) -> Callable[[Upsert], Upsert]:
    """Refuse rows that name an erased person in one of the named fields; the others go in. Mostly no query."""

    def around(upsert: Upsert) -> Upsert:
        @wraps(upsert)
        def kept(*args: Any, rows: Sequence[Row], **told: Any) -> list[Verdict]:
            reasons = erased.refusals(rows, *names)
            if not reasons:
                return upsert(*args, rows=rows, **told)
            rest = upsert(*args, rows=[row for i, row in enumerate(rows) if i not in reasons], **told)
            return interleave({i: Verdict("rejected", reason) for i, reason in reasons.items()}, rest)

        return kept

    return around
