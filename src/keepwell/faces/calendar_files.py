"""A person's calendar as an iCalendar file (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from django.urls import reverse
from icalendar import Calendar, Event

from keepwell.cockpit.queries.calendar import Entry
from keepwell.kernel import speech

READ_EVERY = timedelta(hours=1)
# What is opened by its key, by kind of subject.
PLACES = {"account": "account", "cadence": "account-cadence", "task": "task", "incident": "incident"}


def href(entry: Entry) -> str:
    """The page on which it is done."""
    kind, _, key = entry.subject.partition(":")
    return reverse(PLACES[kind], args=(key,)) if kind in PLACES else reverse("office-hours")


def etag(entries: Iterable[Entry]) -> str:
    """Weak: the same as long as the same stands in it; when it was written does not count."""
    return f'W/"{sha256(repr(tuple(entries)).encode()).hexdigest()[:32]}"'


def ics(entries: Iterable[Entry], *, address: str, now: datetime) -> bytes:
    """The file. What is due on a day lasts the whole day; clocks are in UTC; what comes every week names its zone."""
    found = Calendar()
    found.add("prodid", "-//Keepwell//Calendar//EN")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    found.add("name", "Keepwell")
    found.add("x-wr-calname", "Keepwell")
    found.add("refresh-interval", READ_EVERY, parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", "PT1H")
    for entry in entries:
        found.add_component(_event(entry, address, now))
    found.add_missing_timezones()
    return bytes(found.to_ical())


def _event(entry: Entry, address: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{urlsplit(address).hostname or 'keepwell'}")
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("summary", entry.title)
    event.add("dtstart", _whole_seconds(entry.starts))
    event.add("dtend", _whole_seconds(entry.ends) if entry.ends else entry.starts + timedelta(days=1))
    if entry.weekly:
        event.add("rrule", {"freq": "weekly"})
    link = address.rstrip("/") + href(entry)
    event.add("url", link)
    event.add("description", "\n\n".join(part for part in (entry.more, link) if part))
    if entry.place:
        event.add("location", entry.place)
    event.add("categories", [speech.told(TITLES[entry.kind])])
    event.add("transp", "OPAQUE" if entry.weekly else "TRANSPARENT")
    return event


def _whole_seconds(when: date | datetime) -> date | datetime:
    return when.replace(microsecond=0) if isinstance(when, datetime) else when


TITLES = {
    "touchpoint": speech.later("Cadence"),
    "task": speech.later("Task"),
    "office_hour": speech.later("Office hour"),
    "clock": speech.later("Clock of an incident"),
    "renewal": speech.later("Renewal"),
}
