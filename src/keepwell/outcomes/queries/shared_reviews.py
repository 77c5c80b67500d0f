"""A business review as its customer may see it: made of what `visibility.shared` lets through and of nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from keepwell.outcomes import models, visibility
from keepwell.outcomes.formulas.invitations import Entry, Guest


def entry(row: models.Review, guests: Sequence[models.ReviewGuest], *, company: str) -> Entry | None:
    """What may stand in a guest's calendar; None where what it is or when is internal."""
    said = visibility.shared(
        "review",
        row.labels,
        {
            "title": row.title,
            "starts_at": row.starts_at,
            "place": row.place,
            "agenda": row.agenda,
            "guests": [Guest(one.name, one.email) for one in guests],
            "notes": row.notes,
        },
    )
    if said is None or "starts_at" not in said:
        return None
    owner = row.owner
    return Entry(
        uid=f"{row.uid}@keepwell",
        sequence=row.sequence,
        title=said["title"],
        starts_at=said["starts_at"],
        minutes=row.minutes,
        place=said.get("place", ""),
        agenda=said.get("agenda", ""),
        organizer=Guest(str(owner), owner.email) if owner else Guest(company, ""),
        guests=tuple(said.get("guests", ())),
    )


def for_guest(whole: Entry, guest: Guest, labels: Mapping[str, str]) -> Entry:
    """The entry for one guest: with all guests where they may know of each other, else alone."""
    known = visibility.label("review", "guests", labels) == "shared" and guest in whole.guests
    return whole if known else replace(whole, guests=(guest,))
