"""What a playbook's conditions said of one account on each past day, as known then."""

from collections.abc import Callable
from datetime import date

from keepwell.kernel.moments import Grid
from keepwell.metrics.conditions import judging
from keepwell.plays.formulas.running import Truth
from keepwell.plays.playbook import Declared
from keepwell.signals.queries import replaying

MOST_DAYS = 400


def truths(playbook: Declared, *, account: int, since: date, until: date) -> Callable[[date, str], Truth]:
    """The answer to each condition, by name, on each day. One pass over the account's facts and a few over everybody's."""
    grid = Grid(until, 1, (until - since).days + 1)
    conditions = list(playbook.conditions.values())
    table = replaying.rows(conditions, grid=grid, accounts=[account]) if conditions else None
    rows = {} if table is None else {row["as_of"]: row for row in table.iter_rows(named=True)}

    def told(day: date, name: str) -> Truth:
        row = rows.get(day)
        if row is None:
            return Truth(None, ("Nothing was known of the account",))
        verdict = judging.judge(playbook.conditions[name], row, as_of=day)
        return Truth(verdict.holds, verdict.because)

    return told
