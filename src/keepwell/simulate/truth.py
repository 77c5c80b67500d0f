"""What really goes on in an invented account; it is handed to whoever asks and never enters the product."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Cause(StrEnum):
    """Why an account leaves, or will leave."""

    NEVER_ADOPTED = "never_adopted"
    CHAMPION_LEFT = "champion_left"
    SILENT = "silent_disengagement"
    SERVICE = "service_trouble"
    BUDGET = "budget_cut"
    UNSEEN = "unseen"


class Scare(StrEnum):
    """Why an account looks as if it were leaving, and stays."""

    DIP = "usage_dip"
    LOUD = "loud_but_loyal"
    QUIET = "quiet_but_loyal"
    SUCCESSION = "champion_replaced"


SHARES = {
    Cause.NEVER_ADOPTED: 0.16,
    Cause.CHAMPION_LEFT: 0.18,
    Cause.SILENT: 0.18,
    Cause.SERVICE: 0.16,
    Cause.BUDGET: 0.12,
    Cause.UNSEEN: 0.20,
}
# What the causes move before a loss, and what none of them touches: whoever judges measures should tell them apart.
MATTERS = ("usage_events", "active_days", "stickiness", "seat_utilisation", "days_since_plan_confirmed")
THEATRE = ("proactive_share", "days_to_first_use")
LEAVING_SHARE = 0.27
SCARE_SHARE = 0.11


@dataclass(frozen=True)
class Truth:
    """The hidden story of one account.

    ``onset`` is the first day on which it behaves differently (none for an unseen cause), ``last_day`` the
    last day of its contract when it leaves; one after the world's own last day is a loss still to come.
    ``late`` marks the accounts whose trouble starts so late that the product sees it happen day by day.
    """

    account: str
    cause: Cause | None
    scare: Scare | None
    onset: date | None
    last_day: date | None
    late: bool = False

    @property
    def leaves(self) -> bool:
        """Whether the account is lost, be it after the end of the world's history."""
        return self.cause is not None
