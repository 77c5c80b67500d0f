"""Mails of incidents at a real mail server: the call, the escalation; and a worker that was down for a day catches up."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from keepwell.faces import clock
from keepwell.faces.jobs import incident_mail, sending
from keepwell.ledger.actions import events
from keepwell.ledger.event import Event
from keepwell.pipeline.actions import advance
from keepwell.plays.actions import deliveries, escalating, noticing, playing
from keepwell.plays.models import Incident, IncidentTelling, Message, Run, Task
from keepwell.signals.actions import rules
from keepwell.signals.models import Firing
from tests.plays.books import say, stands, step
from tests.plays.test_responding import OPENS, cast, fires
from tests.smtp import MailServer, use
from tests.world import NOW, TESTS, World

__all__ = ["cast"]
pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RAISED = {"of": "event.alarm.raised", "above": 0, "in_days": 30}


@pytest.fixture
def server(tmp_path: Path, settings: Settings) -> MailServer:
    made = MailServer(tmp_path)
    use(made, settings)
    return made


def arrived(server: MailServer) -> list[tuple[str, str]]:
    return sorted((str(mail["To"]), str(mail["Subject"])) for mail in server.arrived())


def it_is(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


def test_who_is_called_gets_one_mail_even_when_the_server_was_down(
    cast: World, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    it_is(monkeypatch, NOW)
    (incident,) = fires(NOW)
    assert incident_mail.send_all() == 0
    assert "ConnectionRefusedError" in IncidentTelling.objects.exclude(mail_error="").first().mail_error  # type: ignore[union-attr]
    it_is(monkeypatch, NOW + HOUR)
    with server.running():
        assert incident_mail.send_all() == 3
        assert incident_mail.send_all() == 0
        subject = "You are called to an incident of Elm"
        assert arrived(server) == [(f"{name}@fernhill.test", subject) for name in ("ada", "dana", "tess")]
        (mail, *_) = server.arrived()
    said = "".join(str(part.get_payload()) for part in mail.walk() if part.get_content_type() == "text/plain")
    assert f"https://keepwell.fernhill.test/incidents/{incident.pk}/" in said.replace("=\n", "")
    assert set(IncidentTelling.objects.values_list("mail_state", flat=True)) == {"sent"}


def test_the_executive_gets_the_escalation_when_a_clock_ran_out_and_the_pm_nothing(
    cast: World, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    it_is(monkeypatch, NOW)
    (incident,) = fires(NOW)
    with server.running():
        incident_mail.send_all()
        it_is(monkeypatch, NOW + 25 * HOUR)
        escalating.look(at=NOW + 25 * HOUR)
        escalating.look(at=NOW + 25 * HOUR)
        assert incident_mail.send_all() == 1
        assert arrived(server).count(("erik@fernhill.test", "An incident of Elm is overdue")) == 1
        assert not [to for to, _ in arrived(server) if to.startswith("pat@")]
    states = IncidentTelling.objects.filter(incident=incident, user__isnull=False).values_list(
        "mail_state", flat=True
    )
    assert set(states) == {"sent"}


def work(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a worker does within its first minute, each deed as its job makes it."""
    it_is(monkeypatch, at)
    advance(at=at)
    escalating.look(at=at)
    noticing.look(at=at)
    deliveries.deliver(at=at)
    playing.look(at=at)
    incident_mail.send_all()
    sending.send_all()
    playing.look(at=at)


def test_a_worker_that_was_down_for_a_day_catches_up_from_alarm_to_playbook(
    cast: World, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules.put(slug="raised", title="Raised", definition={"when": RAISED, "opens": OPENS}, by=TESTS, at=NOW)
    mail = step("mail", kind="mail", to="csm", subject="About {name}", text="It began.")
    say(mail, step("call", after=["mail:sent"]), starts={"rules": ["raised"]})
    with server.running():
        work(NOW, monkeypatch)
        assert not Firing.objects.exists()
        happened = NOW + 2 * HOUR
        said = Event(id="a1", account="elm", person="", name="alarm.raised", at=happened, source="app")
        events.append(events=[said], received_at=happened)
        for _ in range(2):  # up again a day later; the second turn finds nothing to do
            work(NOW + DAY + 3 * HOUR, monkeypatch)
        told = arrived(server)
    firing = Firing.objects.get()
    incident = Incident.objects.get(firing=firing)
    called = "You are called to an incident of Elm"
    assert told == sorted(
        [
            ("ada@fernhill.test", "About Elm"),
            *((f"{name}@fernhill.test", called) for name in ("ada", "dana", "tess")),
        ]
    )
    assert incident.opened_at >= happened
    assert stands(Run.objects.get(firing=firing).pk) == {"mail": "sent", "call": "open"}
    assert Message.objects.count() == 1
    assert Task.objects.filter(title="Call", completion=None).count() == 1
