"""What waits for a person: later stages add their own sources, and the cockpit ranks whatever they offer."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple, Protocol

# What is to be done first with an offer; faces know the words and the address of each.
Deed = Literal[
    "answer",
    "respond",
    "do",
    "renew",
    "prepare",
    "look",
    "check_in",
    "mend_rows",
    "mend_facts",
    "open_account",
    "triage",
    "meet",
    "plan",
    "review",
]


class Asker(NamedTuple):
    """For whom is asked: what they may see, whose accounts count as theirs (None: all that they may see), and when.

    `today_ends` and `week_ends` are moments of the person's own days.
    """

    seen_by: Any
    user_id: int | None
    owner_id: int | None
    now: datetime
    today_ends: datetime
    week_ends: datetime
    limit: int


class Stake(NamedTuple):
    """An account, and what it brings a year in the reporting currency; None where that is not known."""

    account_id: int
    key: str
    name: str
    arr: Decimal | None
    currency: str


class Offer(NamedTuple):
    """One thing that waits: what, for whom, why now in words, until when.

    `key` is the same whenever the same thing is offered again, and new once it is another matter, so that what was put away
    comes back only with cause. `subject` is what the first deed opens ("incident:7").
    """

    key: str
    what: str
    why: str
    deed: Deed
    subject: str
    stake: Stake | None = None
    due_at: datetime | None = None
    is_clock: bool = False
    is_meeting: bool = False


class Source(Protocol):
    """Where offers of one kind come from.

    `share` is the part of an account's ARR that such a thing is assumed to decide, from 0 to 1, and `hours` how long it takes:
    both are assumptions that the page states, not measurements. `sentence` says what is offered.
    """

    @property
    def slug(self) -> str:
        """Its stable name."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def sentence(self) -> str:
        """What it offers."""

    @property
    def share(self) -> float:
        """The part of the ARR."""

    @property
    def hours(self) -> float:
        """How long one takes."""

    def offers(self, asker: Asker) -> Sequence[Offer]:
        """What waits for the asker, the most pressing first, at most `asker.limit`; a fixed number of queries."""
