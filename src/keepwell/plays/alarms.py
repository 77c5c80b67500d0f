"""The words of deliveries and responses: why something waits, why it was not told, what people may answer."""

from keepwell.access.roles import ROLES

# Who is told when nobody holds the rule's role for the account: the success manager, then all leaders, then administrators.
NEXT_IN_LINE = "csm"
LAST_RESORTS = ("leader", "cs_operations", "admin")

HELD = {
    "quiet_hours": "It waits for the end of the quiet hours.",
    "day_off": "It waits for the next working day.",
    "cap": "The day’s number of signals was reached; it waits for the next working day.",
    "snoozed": "It was put off.",
    "nobody": "Nobody was found who should hear it.",
}
WITHDRAWN = {
    "over": "It held no more before it could be told.",
    "handed_over": "Somebody else looks after the account by now, and is told.",
    "answered": "A colleague had answered it already.",
}
KINDS = {
    "acknowledged": "Acknowledged",
    "acted": "Acted on",
    "snoozed": "Put off",
    "not_useful": "Not useful",
}


def why(because: str) -> str:
    """Why a delivery waits or was withdrawn, as a sentence; empty where there is nothing to say."""
    return HELD.get(because) or WITHDRAWN.get(because) or ""


def role(slug: str) -> str:
    """By which role somebody was chosen."""
    return ROLES[slug].title if slug in ROLES else slug
