"""A business review as a calendar entry that mail programs understand: iCalendar (RFC 5545) by iTIP (RFC 5546). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from icalendar import Calendar, Event, vCalAddress, vText

PRODUCT = "-//Keepwell//Business reviews//EN"
Method = Literal["REQUEST", "CANCEL"]


@dataclass(frozen=True)
class Guest:
    """Who is invited, and at which address."""

    name: str
    email: str


@dataclass(frozen=True)
class Entry:
    """What stands in the calendars of all guests: shared facts alone."""

    uid: str
    sequence: int
    title: str
    starts_at: datetime
    minutes: int
    place: str
    agenda: str
    organizer: Guest
    guests: Sequence[Guest]


def written(entry: Entry, *, method: Method, at: datetime) -> str:
    """The entry as a calendar object; the same sequence and moment give the same text."""
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", at.replace(microsecond=0))
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.starts_at + timedelta(minutes=entry.minutes))
    event.add("sequence", entry.sequence)
    event.add("summary", entry.title)
    if entry.place:
        event.add("location", entry.place)
    if entry.agenda:
        event.add("description", entry.agenda)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    if entry.organizer.email:
        event.add("organizer", _address(entry.organizer))
    for guest in entry.guests:
        event.add("attendee", _invited(guest))
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    text: str = calendar.to_ical().decode()
    return text


def leader(calendar: str) -> list[str]:
    """The address of who leads what a calendar object invites to, for answers that people write; nothing where nobody does."""
    found = [event.get("organizer") for event in Calendar.from_ical(calendar).walk("VEVENT")]
    said = [str(one).removeprefix("mailto:") for one in found if one is not None]
    return said[:1]


def _invited(guest: Guest) -> vCalAddress:
    address = _address(guest)
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    address.params["PARTSTAT"] = vText("NEEDS-ACTION")
    address.params["RSVP"] = vText("TRUE")
    return address


def _address(guest: Guest) -> vCalAddress:
    address = vCalAddress(f"mailto:{guest.email}")
    if guest.name:
        address.params["CN"] = vText(guest.name.replace('"', "'"))
    return address
