"""A person's calendar: the secret address, and the file that stands there, read back with a calendar library."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar, Event

from keepwell.access.actions import decisions
from keepwell.access.models import AuditEntry, CalendarFeed, User
from keepwell.access.queries import feeds, scopes
from keepwell.faces import clock
from keepwell.ledger.models import Account
from keepwell.plays.actions import office_hours, tasks
from keepwell.plays.actions.tasks import Wanted
from keepwell.plays.models import IncidentClock
from tests.faces.web.conftest import SignIn
from tests.faces.web.filling import Form
from tests.faces.web.reading import html, text
from tests.world import NOW, TODAY, World

DAY = timedelta(days=1)
HERE = "/settings/preferences/calendar/"


def made(client: Client) -> str:
    """A new address of whoever is signed in, as a path."""
    page = client.post(HERE)
    assert page.headers["Cache-Control"] == "no-store"
    (found,) = re.findall(
        r'<code id="key">http://testserver(/calendar/[^<]+\.ics)</code>', page.content.decode()
    )
    return str(found)


def read(path: str) -> dict[str, Event]:
    """What a calendar program without any sign-in finds there, by the part of the UID before its host."""
    answer = Client().get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    found = Calendar.from_ical(answer.content)
    assert not found.errors
    events = {str(one["uid"]).partition("@")[0]: one for one in found.walk("VEVENT")}
    assert len(events) == len(found.walk("VEVENT")), "each UID once"
    return events


def key_of(account: str) -> int:
    return Account.objects.get(key=account).pk


def test_ada_finds_what_is_due_and_nothing_of_anybody_else(
    ada: Client, lived: World, sign_in: SignIn
) -> None:
    wanted = office_hours.Wanted(
        "Ask us", 2, time(15), "Europe/Berlin", place="https://meet.test/1", account="birch"
    )
    hour = office_hours.make(wanted=wanted, by=lived.scope("ada"), at=NOW)
    by_ada = {"by": lived.scope("ada"), "at": NOW}
    due = datetime.combine(TODAY + 5 * DAY, time(23, 59), tzinfo=UTC)
    own = tasks.make(
        account="birch", wanted=Wanted("Send the offer", due, lived.ada.email, "By mail"), **by_ada
    )
    others = tasks.make(account="birch", wanted=Wanted("Not mine", due, lived.ben.email), **by_ada)
    events = read(made(ada))

    task = events[f"task-{own}"]
    assert (task["dtstart"].dt, task["dtend"].dt) == (TODAY + 5 * DAY, TODAY + 6 * DAY)
    assert (task["summary"], task["url"]) == ("Send the offer: Birch", f"http://testserver/tasks/{own}/")
    assert f"task-{others}" not in events

    renewal = events[f"renewal-{key_of('elm')}"]
    assert (renewal["dtstart"].dt, renewal["summary"]) == (TODAY + 40 * DAY, "Elm renews")
    assert not isinstance(renewal["dtstart"].dt, datetime)

    call = IncidentClock.objects.get(incident__account__key="willow", kind="call")
    clock_event = events[f"clock-{call.pk}"]
    assert clock_event["dtend"].dt == call.due_at.replace(microsecond=0)
    assert clock_event["dtend"].dt.tzinfo in (UTC, ZoneInfo("UTC"))
    assert "Willow" in clock_event["summary"]

    met = events[f"cadence-{key_of('willow')}"]
    assert met["dtstart"].dt == TODAY, "what is overdue stands on today"
    assert "Speak with Willow" in met["summary"]
    assert "At risk, each week" in met["description"]
    assert events[f"cadence-{key_of('birch')}"]["dtstart"].dt > TODAY

    weekly = events[f"office-hour-{hour}"]
    assert weekly["dtstart"].params["TZID"] == "Europe/Berlin"
    assert (weekly["dtstart"].dt.hour, weekly["dtstart"].dt.weekday()) == (15, 2)
    assert (weekly["rrule"]["FREQ"], weekly["location"]) == (["WEEKLY"], "https://meet.test/1")

    cleo = read(made(sign_in(lived.cleo)))
    assert not [one for one in cleo.values() if re.search("Birch|Willow|Elm|Ash", str(one["summary"]))]
    ben = read(made(sign_in(lived.ben)))
    assert not [uid for uid in ben if uid.startswith(("cadence", "renewal", "clock"))], "they are Ada's"
    assert f"task-{others}" in ben


def test_summer_time_is_in_the_file(ada: Client, lived: World) -> None:
    wanted = office_hours.Wanted("Ask us", 2, time(15), "Europe/Berlin", account="birch")
    office_hours.make(wanted=wanted, by=lived.scope("ada"), at=NOW)
    found = Calendar.from_ical(Client().get(made(ada)).content)
    (zone,) = found.walk("VTIMEZONE")
    assert str(zone["tzid"]) == "Europe/Berlin"
    there = zone.to_tz()
    assert datetime(2026, 7, 1, 15, tzinfo=there).utcoffset() == timedelta(hours=2)
    assert datetime(2026, 12, 1, 15, tzinfo=there).utcoffset() == timedelta(hours=1)


def test_days_are_those_of_ones_zone_and_words_of_ones_language(ada: Client, lived: World) -> None:
    late = datetime.combine(TODAY + 5 * DAY, time(23, 30), tzinfo=UTC)
    own = tasks.make(
        account="birch", wanted=Wanted("Anrufen", late, lived.ada.email), by=lived.scope("ada"), at=NOW
    )
    decisions.prefer(said={"time_zone": "Asia/Tokyo", "language": "de"}, by=lived.scope("ada"), at=NOW)
    events = read(made(ada))
    assert events[f"task-{own}"]["dtstart"].dt == TODAY + 6 * DAY
    assert events[f"renewal-{key_of('elm')}"]["summary"] != "Elm renews"


def test_the_address_is_shown_once_replaced_and_ended(ada: Client, lived: World) -> None:
    before = ada.get("/settings/preferences/")
    assert "You have no calendar address." in text(before)
    assert "csrfmiddlewaretoken" in Form(html(before), HERE).fields
    first = made(ada)
    secret = first.removeprefix("/calendar/").removesuffix(".ics")
    assert secret not in ada.get("/settings/preferences/").content.decode()
    assert not CalendarFeed.objects.filter(digest__contains=secret[:20]).exists()
    assert "No calendar program has read it yet." in text(ada.get("/settings/preferences/"))
    read(first)
    assert "was last read on" in text(ada.get("/settings/preferences/"))
    second = made(ada)
    assert Client().get(first).status_code == 404
    read(second)
    done = ada.post(f"{HERE}revocation/", follow=True)
    assert "The calendar address no longer answers." in text(done)
    assert Client().get(second).status_code == 404
    assert ada.post(f"{HERE}revocation/").status_code == 404
    deeds = lived_trail()
    assert deeds == ["calendar.create", "calendar.replace", "calendar.revoke"]
    assert secret not in str(deeds)


def lived_trail() -> list[str]:
    rows = AuditEntry.objects.filter(deed__startswith="calendar.").order_by("pk")
    return list(rows.values_list("deed", flat=True))


def test_what_is_unknown_or_of_somebody_who_left_does_not_exist(ada: Client, lived: World) -> None:
    for path in ("/calendar/none.ics", "/calendar/%ED%A0%80.ics", "/calendar/.ics"):
        assert Client().get(path).status_code == 404, path
    path = made(ada)
    assert Client().post(path).status_code == 405
    User.objects.filter(pk=lived.ada.pk).update(is_active=False)
    assert Client().get(path).status_code == 404


def test_an_unchanged_calendar_is_not_sent_again(
    ada: Client, lived: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(ada)
    first = Client().get(path)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=10))
    again = Client().get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    tasks.make(
        account="birch", wanted=Wanted("New", NOW + DAY, lived.ada.email), by=lived.scope("ada"), at=NOW
    )
    changed = Client().get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.headers["ETag"] == first.headers["ETag"]) == (200, False)


def test_a_calendar_may_do_nothing_and_says_no_money(ada: Client, lived: World) -> None:
    path = made(ada)
    reader = feeds.of_secret(path.removeprefix("/calendar/").removesuffix(".ics"))
    assert reader.seen_by.capabilities == frozenset()
    assert scopes.of_user(lived.ada, through="x").owner_ids == reader.seen_by.owner_ids
    said = Client().get(path).content.decode()
    assert "$" not in said
    assert "ARR" not in said


def test_the_day_of_a_conversation_moves_and_its_uid_stays(
    ada: Client, lived: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(ada)
    uid = f"cadence-{key_of('willow')}"
    before: date = read(path)[uid]["dtstart"].dt
    monkeypatch.setattr(clock, "now", lambda: NOW + 3 * DAY)
    assert read(path)[uid]["dtstart"].dt == before + 3 * DAY
