"""The words of triage: kinds of tickets, what may be made of one, and how grave severities are. Pure."""

from keepwell.kernel import speech

KINDS = {
    "defect": speech.later("Defect"),
    "question": speech.later("Question"),
    "training_request": speech.later("Training request"),
    "product_gap": speech.later("Product gap"),
}
UNKNOWN = "unknown"
DEEDS = {
    "kind": speech.later("Kind set"),
    "article": speech.later("Answered with an article"),
    "office_hour": speech.later("Put into an office hour"),
    "gap": speech.later("Merged into a product gap"),
    "pm": speech.later("Handed to the PM"),
}
# How grave a severity is, 1 to 4, by the words that help desks use; any other word is unknown.
GRAVITY = {
    "critical": 4, "urgent": 4, "blocker": 4, "p1": 4, "high": 3, "major": 3, "p2": 3, "medium": 2, "normal": 2,
    "moderate": 2, "p3": 2, "low": 1, "minor": 1, "trivial": 1, "p4": 1,
}  # fmt: skip
STATUSES = {
    "open": speech.later("Open"),
    "planned": speech.later("Planned"),
    "shipped": speech.later("Shipped"),
    "declined": speech.later("Declined"),
}


def gravity(severity: str) -> int | None:
    """1 to 4, or None for a word that is not known."""
    return GRAVITY.get(severity.strip().lower())
