"""What reviews, their states and the scores of outcomes are called."""

from keepwell.kernel import speech

KINDS: dict[str, str] = {
    "quarterly": speech.later("Quarterly review"),
    "executive": speech.later("Executive review"),
    "monthly": speech.later("Monthly review"),
    "renewal": speech.later("Renewal review"),
}
STATES: dict[str, str] = {
    "planned": speech.later("Planned"),
    "invited": speech.later("Invited"),
    "overdue": speech.later("Not noted yet"),
    "held": speech.later("Held"),
    "cancelled": speech.later("Cancelled"),
}
SCORES: dict[str, str] = {
    "on_track": speech.later("On track"),
    "behind": speech.later("Behind"),
    "reached": speech.later("Reached"),
}
EVERY_DAYS = {"quarterly": 91, "executive": 182, "monthly": 30, "renewal": 365}
