"""In which order things are worth doing: money at stake for each hour of work, more the nearer the clock."""

from datetime import datetime, timedelta
from typing import NamedTuple

DAY = timedelta(days=1)
MOST_OVERDUE_DAYS = 10


class Factors(NamedTuple):
    """What made a rank: `stake` in the reporting currency a year (`is_assumed` where the account's own is not known),
    `share` from 0 to 1, `hours` of work, `urgency` from 1 to 3; `worth` is their product for one hour.
    """

    stake: float
    is_assumed: bool
    share: float
    hours: float
    urgency: float
    worth: float


def urgency(*, due_at: datetime | None, now: datetime) -> float:
    """How much more it presses because of its clock, as a factor without a unit.

    1 without a date; with d days left 1 + 1 / (1 + d), so 2 at the moment itself, 1.5 a day before and 1.125 a week
    before; afterwards 2 plus a tenth for each day over, at most 3. A judgement, not an estimate: nothing is learned yet
    from what was acted on.
    """
    if due_at is None:
        return 1.0
    left = (due_at - now) / DAY
    if left <= 0:
        return 2.0 + min(-left, MOST_OVERDUE_DAYS) / MOST_OVERDUE_DAYS
    return 1.0 + 1.0 / (1.0 + left)


def worth(
    *, stake: float | None, usual: float, share: float, hours: float, due_at: datetime | None, now: datetime
) -> Factors:
    """Expected money kept or grown by an hour of work: stake x share / hours x urgency, in the reporting currency an hour.

    `stake` is the account's ARR, at least 0. Where it is unknown (None) it is `usual`, the middle of the person's own book,
    so that what is unknown is neither first nor last. 0 means that no money is at stake; there is no upper bound.
    """
    at_stake = usual if stake is None else stake
    pressing = urgency(due_at=due_at, now=now)
    return Factors(at_stake, stake is None, share, hours, pressing, at_stake * share / hours * pressing)
