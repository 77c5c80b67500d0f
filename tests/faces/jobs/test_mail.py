"""The digest through a real mail server: once, in one's own morning, with a way out."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from keepwell.access.actions import decisions
from keepwell.faces import clock
from keepwell.faces.jobs import mail
from keepwell.plays.actions import letters, tasks
from keepwell.plays.actions.tasks import Wanted
from keepwell.plays.models import Letter
from tests import smtp, world
from tests.smtp import MailServer

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 6, 15, 7, 30, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def server(tmp_path: Path, settings: Settings) -> MailServer:
    made = MailServer(tmp_path)
    smtp.use(made, settings)
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
    return made


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> world.World:
    """Ben has a task of Ada's; nothing waits for Cleo."""
    made = world.build(at=MONDAY - DAY * 60)
    wanted = Wanted("Call Dora", MONDAY + MINUTE, "ben@fernhill.test", "about the renewal")
    tasks.make(account="elm", wanted=wanted, by=made.scope("ada"), at=MONDAY - DAY)
    at(monkeypatch, MONDAY)
    return made


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_ben_gets_one_letter_with_what_happened_and_what_waits(server: MailServer, cast: world.World) -> None:
    with server.running():
        assert mail.send_all() == 1
        assert mail.send_all() == 0, "not twice a day"
    (letter,) = server.arrived()
    assert letter["To"] == "ben@fernhill.test"
    assert letter["Subject"] == "Keepwell: 1 thing waits today, 1 new notification"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    kinds = [part.get_content_type() for part in letter.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
    plain, rich = (
        "".join(str(part.get_payload(decode=True), "utf-8").split("\r")) for part in letter.get_payload()
    )
    assert "* Call Dora · Elm" in plain
    assert re.search(r"https://keepwell.fernhill.test/tasks/\d+/", plain)
    assert "Call Dora · Elm</a>" in rich
    assert Letter.objects.filter(state="sent").count() == Letter.objects.count() == 4


def test_a_server_that_is_away_gets_it_later_and_once(
    server: MailServer, cast: world.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mail.send_all() == 0
    waiting = Letter.objects.get(user=cast.ben)
    assert (waiting.state, waiting.tries) == ("queued", 1)
    assert "Refused" in waiting.error
    with server.running():
        assert mail.send_all() == 0, "it waits a minute"
        at(monkeypatch, MONDAY + MINUTE)
        assert mail.send_all() == 1
        assert mail.send_all() == 0
    assert len(server.arrived()) == 1


def test_what_broke_off_while_it_was_sent_is_not_sent_again(
    server: MailServer, cast: world.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters.make(at=MONDAY)
    taken = [letters.take(at=MONDAY) for _ in range(5)]
    assert sum(letter is not None for letter in taken) == 4
    at(monkeypatch, MONDAY + MINUTE * 11)
    with server.running():
        assert mail.send_all() == 0
    assert server.arrived() == []
    assert Letter.objects.filter(state="unsure").count() == 4


def test_each_gets_it_in_their_own_morning_on_their_own_days(cast: world.World) -> None:
    ben = cast.scope("ben")
    decisions.prefer(said={"digest": "daily", "time_zone": "America/Los_Angeles"}, by=ben, at=MONDAY)
    for name in ("root", "ada", "cleo"):
        decisions.prefer(said={"digest": "never"}, by=cast.scope(name), at=MONDAY)
    assert letters.make(at=MONDAY) == 0, "it is half past midnight there"
    assert letters.make(at=MONDAY + timedelta(hours=7)) == 1
    assert letters.make(at=MONDAY + timedelta(hours=7)) == 0
    assert letters.make(at=MONDAY + DAY * 5 + timedelta(hours=7)) == 0, "on Saturdays nobody is written to"
    decisions.prefer(said={"digest": "weekly", "time_zone": "Asia/Tokyo"}, by=ben, at=MONDAY)
    assert letters.make(at=MONDAY + DAY) == 0
    assert letters.make(at=MONDAY + DAY * 7) == 1


def test_one_press_ends_it_without_signing_in(server: MailServer, cast: world.World) -> None:
    with server.running():
        mail.send_all()
    address = "".join(server.arrived()[0]["List-Unsubscribe"].split()).strip("<>")
    path = address.removeprefix("https://keepwell.fernhill.test")
    stranger = Client(enforce_csrf_checks=True)
    assert b"End the digest?" in stranger.get(path).content
    assert b"has ended" in stranger.post(path, {"List-Unsubscribe": "One-Click"}).content
    assert letters.make(at=MONDAY + DAY) == 3, "all but Ben"
    assert stranger.post("/digest/forged/").status_code == 404


def test_without_a_server_nothing_is_made(cast: world.World, settings: Settings) -> None:
    settings.KEEPWELL_SMTP = {}
    assert mail.send_all() == 0
    assert Letter.objects.count() == 0
