"""What the page says on which departure is declared."""

from dataclasses import dataclass

from keepwell.metrics.departures import GRACE_DAYS, Departure

KINDS = (
    (
        "contract_end",
        "When its last contract ended",
        "and no other is active or begins within the grace. For subscriptions and engagements.",
    ),
    ("silence", "When it has been silent", "for so many days. For products without contracts."),
    ("told", "When a source says so", "with the event account.churned; a later contract brings it back."),
)
USUAL_SILENCE = 90


@dataclass(frozen=True)
class Kind:
    """One way to leave, for the form."""

    slug: str
    title: str
    help: str
    is_chosen: bool


@dataclass(frozen=True)
class DeparturePage:
    """What is declared, and the form to declare it."""

    sentence: str
    is_declared: bool
    kinds: tuple[Kind, ...]
    days: int
    grace_days: int
    may_change: bool
    refused: str


def page(departure: Departure, *, is_declared: bool, may_change: bool, refused: str) -> DeparturePage:
    """The page."""
    return DeparturePage(
        sentence=departure.sentence,
        is_declared=is_declared,
        kinds=tuple(Kind(*kind, is_chosen=kind[0] == departure.kind) for kind in KINDS),
        days=departure.days or USUAL_SILENCE,
        grace_days=departure.grace_days or GRACE_DAYS,
        may_change=may_change,
        refused=refused,
    )
