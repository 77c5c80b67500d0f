"""The kinds of notifications: what each tells, and whether it also goes into the mail unless somebody chose otherwise."""

from dataclasses import dataclass

from keepwell.kernel import speech


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
        Kind(
            "assigned",
            speech.later("Assigned to you"),
            speech.later("Somebody gave you a task, or something from their list."),
        ),
        Kind(
            "handed-over",
            speech.later("Handed over"),
            speech.later("An account was handed over to you, or one that you gave was accepted."),
        ),
        Kind("mentioned", speech.later("Mentioned you"), speech.later("Somebody mentioned you in a note.")),
        Kind(
            "signal",
            speech.later("Signal"),
            speech.later("A rule fired about an account whose signals are yours to answer."),
        ),
        Kind(
            "incident-opened",
            speech.later("Incident opened"),
            speech.later("An incident opened on an account of yours, or you are called to one."),
        ),
        Kind(
            "escalated",
            speech.later("Escalated to you"),
            speech.later("A clock of an incident ran out, or a colleague needs you there."),
        ),
        Kind(
            "clock-short",
            speech.later("Clock nearly out"),
            speech.later("Less than four hours are left on the clock of an incident of yours."),
        ),
        Kind(
            "band-fell",
            speech.later("Health fell"),
            speech.later("An account of yours fell into a worse band."),
        ),
        Kind(
            "import-ended",
            speech.later("Import finished"),
            speech.later("An import that you started is done, or failed."),
            by_mail=False,
        ),
        Kind(
            "snooze-ended",
            speech.later("Snooze ended"),
            speech.later("What you put off is on your list again."),
            by_mail=False,
        ),
    )
}
