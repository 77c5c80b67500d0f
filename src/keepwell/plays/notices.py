"""The kinds of notifications: what each tells, and whether it also goes into the mail unless somebody chose otherwise."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """Something that a person is told of."""

    slug: str
    title: str
    sentence: str
    by_mail: bool = True


KINDS: dict[str, Kind] = {
    kind.slug: kind
    for kind in (
        Kind("assigned", "Assigned to you", "Somebody gave you a task, or something from their list."),
        Kind("mentioned", "Mentioned you", "Somebody mentioned you in a note."),
        Kind("incident-opened", "Incident opened", "An incident opened on an account of yours."),
        Kind(
            "clock-short",
            "Clock nearly out",
            "Less than four hours are left on the clock of an incident of yours.",
        ),
        Kind("band-fell", "Health fell", "An account of yours fell into a worse band."),
        Kind(
            "import-ended", "Import finished", "An import that you started is done, or failed.", by_mail=False
        ),
        Kind("snooze-ended", "Snooze ended", "What you put off is on your list again.", by_mail=False),
    )
}

CADENCES = {"daily": "Every working day", "weekly": "Mondays", "none": "Never"}
