"""What playbooks send: mail over SMTP, webhooks that Standard Webhooks' own library verifies; tried again, replayed, once."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings
from standardwebhooks import Webhook

from keepwell.access.actions import settings as company_settings
from keepwell.access.models import COMPANY, AuditEntry
from keepwell.faces import clock
from keepwell.faces.jobs import sending
from keepwell.ledger.actions import people
from keepwell.plays.actions import channels, playing
from keepwell.plays.actions import messages as deeds
from keepwell.plays.models import Channel, Message, MessageAttempt
from keepwell.plays.queries import messages
from tests import world
from tests.plays.books import begin, ending, say, stands, step
from tests.smtp import MailServer, use
from tests.world import TESTS, World

pytestmark = pytest.mark.django_db


class Receiver(HTTPServer):
    """A program on the loopback that keeps what it is sent and answers as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[int] = []
        self.heard: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        """Where it listens; the rest of it is a secret."""
        return f"http://127.0.0.1:{self.server_port}/T0KEN?a=1"


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Receiver

    def do_POST(self) -> None:
        """Keep it."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((dict(self.headers.items()), body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.end_headers()
        self.wfile.write(b"heard")

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def cast() -> World:
    """A company that works every day: signatures are verified by the real clock."""
    company_settings.put(key=COMPANY, value={"working_days": [*range(1, 8)]}, by=TESTS, at=clock.now())
    return world.build(at=clock.now())


def test_a_mail_waits_for_the_server_and_is_sent_once(
    cast: World, tmp_path: Path, settings: Settings
) -> None:
    rows = [
        {
            "key": "dora",
            "name": "Dora",
            "email": "dora@willow.test",
            "account": "willow",
            "stance": "champion",
        }
    ]
    people.upsert(rows=rows, source="crm", by=TESTS, at=clock.now(), vouched=False)
    text = "Hello {champion}, {person.csm} asks about {name}."
    say(
        step("mail", kind="mail", to="champion", subject="About {name}", text=text),
        step("gap", kind="mail", to="csm", subject="x", text="Renewal {renewal_date}"),
        step("nobody", kind="mail", to="pm", subject="x", text="y"),
        at=clock.now(),
    )
    run = begin(at=clock.now())
    assert stands(run) == {"mail": "open", "gap": "failed", "nobody": "failed"}
    assert sending.send_all() == 0
    server = MailServer(tmp_path)
    use(server, settings)
    sending.send_all()
    (tried,) = MessageAttempt.objects.all()
    assert (tried.error, tried.status) == ("ConnectionRefusedError", None)
    Message.objects.update(next_at=clock.now())
    with server.running():
        assert sending.send_all() == 1
        assert sending.send_all() == 0
        (mail,) = server.arrived()
    assert (mail["To"], mail["Subject"]) == ("dora@willow.test", "About Willow")
    assert "Hello Dora, Ada asks about Willow." in str(mail.get_payload())
    playing.look(at=clock.now())
    assert stands(run)["mail"] == "sent"
    assert ending(run) == "finished"


def test_a_webhook_is_signed_tried_again_and_replayed(cast: World, receiver: Receiver) -> None:
    secret = channels.open_channel(
        slug="erp", title="ERP", kind="webhook", url=receiver.url, by=TESTS, at=clock.now()
    )
    say(step("call", kind="webhook", channel="erp", text="{name} began"), at=clock.now())
    run = begin(at=clock.now())
    receiver.answers = [503]
    sending.send_all()
    assert sending.send_all() == 0  # it is not its time yet
    (view,) = messages.page(seen_by=TESTS)
    assert (view.state, view.attempts[0].status, view.attempts[0].answer) == ("queued", 503, "heard")
    assert view.next_at - view.attempts[0].at >= timedelta(seconds=55)
    Message.objects.update(next_at=clock.now())
    sending.send_all()
    playing.look(at=clock.now())
    assert stands(run) == {"call": "sent"}
    deeds.replay(message_id=view.id, by=cast.scope("ada"), at=clock.now())
    sending.send_all()
    assert len(receiver.heard) == 3
    told = [Webhook(secret).verify(body, headers) for headers, body in receiver.heard]
    assert told[0]["data"]["account"] == "willow"
    assert told[0]["data"]["text"] == "Willow began"
    assert len({headers["webhook-id"] for headers, _ in receiver.heard}) == 1
    seen = repr([vars(one) for one in (*messages.page(seen_by=TESTS), *messages.channels())])
    assert secret not in seen
    assert "T0KEN" not in seen + json.dumps(list(AuditEntry.objects.values_list("details", flat=True)))


def test_a_chat_hears_and_one_that_is_gone_is_given_up(cast: World, receiver: Receiver) -> None:
    channels.open_channel(slug="room", title="Room", kind="chat", url=receiver.url, by=TESTS, at=clock.now())
    say(step("say", kind="chat", channel="room", text="{name}!"), at=clock.now())
    begin(at=clock.now())
    sending.send_all()
    assert json.loads(receiver.heard[0][1]) == {"text": "Willow!"}
    assert "webhook-signature" not in receiver.heard[0][0]
    other = begin("elm", at=clock.now())
    channels.close(slug="room", by=TESTS, at=clock.now())
    for _ in range(6):
        sending.send_all()
        Message.objects.filter(state="queued").update(next_at=clock.now())
    playing.look(at=clock.now())
    assert stands(other) == {"say": "failed"}
    assert Channel.objects.get().url == ""


def test_what_broke_off_is_sent_again_but_a_mail_never(cast: World, receiver: Receiver) -> None:
    channels.open_channel(slug="erp", title="ERP", kind="webhook", url=receiver.url, by=TESTS, at=clock.now())
    mail = step("mail", kind="mail", to="csm", subject="x", text="y")
    say(mail, step("call", kind="webhook", channel="erp"), at=clock.now())
    run, now = begin(at=clock.now()), clock.now()
    while deeds.take(at=now) is not None:
        pass
    assert deeds.take(at=now + timedelta(minutes=5)) is None
    again = deeds.take(at=now + timedelta(minutes=11))
    assert again is not None
    assert again.kind == "webhook"
    assert Message.objects.get(kind="mail").state == "unsure"
    playing.look(at=now + timedelta(minutes=12))
    assert stands(run)["mail"] == "failed"
