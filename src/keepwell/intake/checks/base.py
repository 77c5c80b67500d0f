"""What a check of an account's data is."""

from dataclasses import dataclass
from typing import Literal

from keepwell.kernel import speech

Kind = Literal["missing", "stale", "contradictory"]
Severity = Literal["high", "medium", "low"]
Mender = Literal["owner", "leader", "data"]

KINDS: dict[Kind, str] = {
    "missing": speech.later("Missing"),
    "stale": speech.later("Out of date"),
    "contradictory": speech.later("Contradictory"),
}
MENDERS: dict[Mender, str] = {
    "owner": speech.later("The account's owner"),
    "leader": speech.later("A leader or CS operations"),
    "data": speech.later("Whoever sends the data"),
}
# Where a thing is mended; faces know the addresses.
PLACES = (
    "account-contracts",
    "account-people",
    "edit-account",
    "import-surveys",
    "import-tickets",
    "new-contract",
    "new-person",
    "new-touchpoint",
    "sources",
)


@dataclass(frozen=True)
class Check:
    """One thing that may be wrong with what is known of an account.

    `sql` gives at most one row an account that fails: account_id, detail (text, may be empty). `%(at)s` is the moment
    as of which is asked; a percent sign is doubled. `how` says how to mend it, `place` where.
    """

    slug: str
    kind: Kind
    severity: Severity
    title: str
    sentence: str
    mender: Mender
    how: str
    place: str
    sql: str

    def __post_init__(self) -> None:
        speech.declare(self, "title", "sentence", "how")
