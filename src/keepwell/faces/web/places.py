"""Where one can go: the rail's places, each one line here. A page belongs to the place whose address it stands under."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from keepwell.kernel import speech


@dataclass(frozen=True)
class Place:
    """A destination of the rail: `name` of its URL, the letter that follows `g`, and addresses elsewhere that are its own.

    One that `waits` stands under "More" on a phone, though its group is at the thumb: six words are what its width holds.
    """

    title: str
    icon: str
    name: str
    key: str
    also: tuple[str, ...] = ()
    waits: bool = False

    @cached_property
    def href(self) -> str:
        """Where it is."""
        return reverse(self.name)

    def reach(self, path: str) -> int:
        """How many letters of a page's address are this place's; none when the page is not in it."""
        return max((len(start) for start in (self.href, *self.also) if path.startswith(start)), default=0)


@dataclass(frozen=True)
class Group:
    """Places that belong together; on a phone those of the first stand at the thumb, the others under "More"."""

    title: str
    places: tuple[Place, ...]


GROUPS = (
    Group(
        "",
        (
            Place(speech.later("Today"), "today", "today", "h"),
            Place(speech.later("Accounts"), "accounts", "accounts", "a", ("/accounts-",)),
            Place(speech.later("Signals"), "signals", "rules", "l"),
            Place(speech.later("Incidents"), "incidents", "incidents", "i"),
            Place(speech.later("Plans"), "plans", "plans", "n", ("/reviews/",)),
            Place(speech.later("Playbooks"), "playbooks", "playbooks", "b", waits=True),
            Place(speech.later("Tasks"), "tick", "tasks", "t"),
        ),
    ),
    Group(
        speech.later("Service"),
        (
            Place(speech.later("Triage"), "triage", "triage", "r"),
            Place(speech.later("Library"), "library", "library", "y"),
        ),
    ),
    Group(
        speech.later("Insight"),
        (
            Place(speech.later("Portfolio"), "portfolio", "portfolio", "o", ("/value/",)),
            Place(speech.later("Cadence"), "cadence", "cadence", "c"),
            Place(speech.later("Journey"), "journey", "journey", "j"),
            Place(speech.later("Advocacy"), "advocacy", "advocacy", "v"),
            Place(speech.later("Segments"), "segments", "segments", "e"),
            Place(speech.later("Measures"), "measures", "measures", "m"),
            Place(speech.later("Proof"), "proof", "proofs", "p"),
            Place(speech.later("Time"), "time", "time", "w"),
        ),
    ),
    Group(
        speech.later("Company"),
        (
            Place(speech.later("Data"), "data", "data", "d"),
            Place(speech.later("Settings"), "settings", "settings", "s", ("/gallery/", "/me/")),
        ),
    ),
)


def here(path: str) -> Place | None:
    """The place that a page belongs to: the one that shares most of its address."""
    places = [place for group in GROUPS for place in group.places]
    nearest = max(places, key=lambda place: place.reach(path))
    return nearest if nearest.reach(path) else None
