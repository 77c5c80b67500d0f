"""An invitation to a review through a real mail server: asked, moved and cancelled, as mail programs read it (RFC 5546)."""

from datetime import datetime, timedelta
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from pytest_django import Settings

from keepwell.access.models import User
from keepwell.faces import clock
from keepwell.faces.jobs import sending
from keepwell.ledger.actions import people
from keepwell.outcomes.actions import invitations, reviews
from keepwell.outcomes.models import Review
from tests import world
from tests.smtp import MailServer, use
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db
THEN = NOW + timedelta(days=9)
TITLE = "Zwischenstand für Süd; Nord, West"


@pytest.fixture
def server(tmp_path: Path, settings: Settings) -> MailServer:
    made = MailServer(tmp_path)
    use(made, settings)
    return made


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    made = world.build()
    rows = [
        {"key": "dora", "name": 'Dora "D." Klein, PhD', "account": "willow", "email": "dora@willow.test"},
        {"key": "emil", "name": "Emil Größ", "account": "willow", "email": "emil@willow.test"},
    ]
    people.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    return made


def wanted(
    *, at: datetime = THEN, theirs: tuple[str, ...] = ("dora", "emil"), owner: str = "ada@fernhill.test"
) -> Any:
    return reviews.Wanted(
        starts_at=at, title=TITLE, agenda="Was erreicht ist.\nWas fehlt, und bis wann; " + "ein langer Satz " * 12,
        place="Raum 7", theirs=theirs, owner=owner,
    )  # fmt: skip


def entry(mail: Message) -> tuple[Calendar, Any]:
    """The calendar of a mail, as a part of its own whose header says its method."""
    (part,) = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    raw = part.get_payload(decode=True)
    assert isinstance(raw, bytes)
    calendar = Calendar.from_ical(raw.decode(part.get_content_charset() or "ascii"))
    assert isinstance(calendar, Calendar)
    assert part.get_param("method") == calendar["METHOD"]
    assert mail.get_content_type() == "multipart/alternative", "who has no calendar reads the words"
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def sent(server: MailServer) -> dict[str, Message]:
    """Send what waits; gives the mails that arrived just now, by whom they went to."""
    before = len(server.arrived())
    sending.send_all()
    return {str(mail["To"]): mail for mail in server.arrived()[before:]}


def test_a_review_is_invited_to_moved_and_called_off_by_mail(server: MailServer, cast: World) -> None:
    number = reviews.schedule(account="willow", wanted=wanted(), by=cast.scope("ada"), at=NOW)
    row = Review.objects.get(pk=number)
    with server.running():
        invitations.invite(review_id=number, by=cast.scope("ada"), at=NOW)
        asked = sent(server)
        assert set(asked) == {"dora@willow.test", "emil@willow.test"}
        calendar, event = entry(asked["dora@willow.test"])
        assert (calendar["METHOD"], calendar["VERSION"], event["SEQUENCE"], event["STATUS"]) == (
            "REQUEST", "2.0", 0, "CONFIRMED",
        )  # fmt: skip
        assert (event["UID"], event["SUMMARY"], event["LOCATION"]) == (f"{row.uid}@keepwell", TITLE, "Raum 7")
        assert event["DESCRIPTION"] == row.agenda, "long lines are folded and unfolded"
        assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (THEN, THEN + timedelta(minutes=60))
        assert (event["ORGANIZER"], event["ORGANIZER"].params["CN"]) == ("mailto:ada@fernhill.test", "Ada")
        assert {str(one) for one in event["ATTENDEE"]} == {
            "mailto:dora@willow.test",
            "mailto:emil@willow.test",
        }
        assert {one.params["RSVP"] for one in event["ATTENDEE"]} == {"TRUE"}
        for mail in asked.values():
            assert mail["Reply-To"] == "ada@fernhill.test", "answers that people write reach who leads it"
            assert "Keepwell" in mail["From"]

        later = THEN + timedelta(days=1)
        moved = wanted(at=later, theirs=("dora",))
        reviews.change(review_id=number, wanted=moved, by=cast.scope("ada"), at=NOW)
        told = sent(server)
        calendar, event = entry(told["dora@willow.test"])
        assert (calendar["METHOD"], event["SEQUENCE"], event["UID"]) == ("REQUEST", 1, f"{row.uid}@keepwell")
        assert event.decoded("DTSTART") == later
        calendar, event = entry(told["emil@willow.test"])
        assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)

        reviews.cancel(review_id=number, by=cast.scope("ada"), at=NOW, reason="markreason")
        off = sent(server)
        assert set(off) == {"dora@willow.test"}, "who was told off already is not told again"
        calendar, event = entry(off["dora@willow.test"])
        assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"], event["UID"]) == (
            "CANCEL", "CANCELLED", 2, f"{row.uid}@keepwell",
        )  # fmt: skip
        assert "markreason" not in off["dora@willow.test"].as_string()
    assert len(server.arrived()) == 5


def test_a_review_that_nobody_leads_has_no_address_for_answers(server: MailServer, cast: World) -> None:
    number = reviews.schedule(account="willow", wanted=wanted(owner=""), by=cast.scope("ada"), at=NOW)
    Review.objects.filter(pk=number).update(owner=None)
    assert User.objects.filter(email="ada@fernhill.test").exists()
    with server.running():
        invitations.invite(review_id=number, by=cast.scope("ada"), at=NOW)
        mail = sent(server)["dora@willow.test"]
    assert mail["Reply-To"] is None
    assert "ORGANIZER" not in entry(mail)[1]
