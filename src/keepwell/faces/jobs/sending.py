"""Send the messages of playbooks: mail over SMTP, chat and webhooks over HTTP, the latter signed by Standard Webhooks."""

import http.client
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import formatdate
from smtplib import SMTPException
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from standardwebhooks import Webhook

from keepwell.access.scopes import Scope
from keepwell.faces import clock
from keepwell.faces.jobs import mail
from keepwell.outcomes.queries import shared_reviews
from keepwell.plays.actions import channels
from keepwell.plays.actions import messages as deeds
from keepwell.plays.actions.messages import Taken
from keepwell.plays.queries import messages

PATIENCE_SECONDS = 15
KEPT = 1000
METHOD = re.compile(r"^METHOD:([A-Z]+)", re.MULTILINE)
NOBODY_LISTENS = "The channel was closed."


class Answer(NamedTuple):
    """What the other side said."""

    status: int
    text: str

    @property
    def is_good(self) -> bool:
        """Whether it took the message."""
        return 200 <= self.status < 300


def is_waiting(*, at: datetime) -> bool:
    """Whether anything is to be sent now. One query."""
    return messages.waiting(at=at, mail=mail.is_set_up())


def send_all() -> int:
    """Send whatever waits; gives how many messages were tried. Without a mail server mails wait."""
    count = 0
    while (taken := deeds.take(at=clock.now(), mail=mail.is_set_up())) is not None:
        _send(taken)
        count += 1
    return count


def _send(taken: Taken) -> None:
    try:
        answer = SENDERS[taken.kind](taken)
    except (OSError, SMTPException, http.client.HTTPException, ValueError) as failure:
        # The text of a failure may hold the address, which is a secret of a chat: its kind says enough.
        deeds.failed(message_id=taken.id, at=clock.now(), error=type(failure).__name__)
        return
    status, text = answer or (None, "")
    if answer is None or answer.is_good:
        deeds.sent(message_id=taken.id, at=clock.now(), status=status, answer=text)
    else:
        error = f"HTTP {status}"
        deeds.failed(message_id=taken.id, at=clock.now(), error=error, status=status, answer=text)


def test(*, slug: str, by: Scope) -> bool:
    """Send a channel a test, and note what was answered; gives whether it was taken."""
    taken = channels.test_message(slug=slug, by=by, at=clock.now())
    try:
        answer = _post(taken)
    except (OSError, http.client.HTTPException, ValueError) as failure:
        is_good, said = False, type(failure).__name__
    else:
        is_good, said = answer.is_good, f"HTTP {answer.status}"
    channels.tested(slug=slug, is_good=is_good, said=said, by=by, at=clock.now())
    return is_good


def _mail(taken: Taken) -> Answer | None:
    """Mail servers answer by taking it."""
    message = EmailMultiAlternatives(
        subject=" ".join(taken.subject.split()),
        body=taken.body,
        from_email=settings.KEEPWELL_MAIL_FROM,
        to=[taken.recipient],
        connection=mail.connection(),
        reply_to=shared_reviews.leader(calendar=taken.calendar) if taken.calendar else [],
        headers={
            "Date": formatdate(clock.now().timestamp()),
            "Message-ID": f"<{taken.key}@keepwell.invalid>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.encoding = mail.SEVEN_BITS
    if taken.calendar:
        method = METHOD.search(taken.calendar)
        message.attach_alternative(
            taken.calendar, f"text/calendar; method={method.group(1) if method else 'REQUEST'}"
        )
    message.send()
    return None


def _post(taken: Taken) -> Answer:
    if not taken.url:
        raise ConnectionError(NOBODY_LISTENS)
    body = taken.body.encode()
    headers = {"Content-Type": "application/json", "User-Agent": "Keepwell"} | _signed(taken)
    parts = urlsplit(taken.url)
    make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = make(parts.hostname or "", parts.port, timeout=PATIENCE_SECONDS)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body=body, headers=headers)
        response = connection.getresponse()
        return Answer(response.status, response.read(KEPT).decode("utf-8", "replace").replace("\0", ""))
    finally:
        connection.close()


def _signed(taken: Taken) -> dict[str, str]:
    """By Standard Webhooks; a chat is told apart by its address alone."""
    if not taken.secret:
        return {}
    at = clock.now()
    return {
        "webhook-id": taken.key,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(taken.secret).sign(taken.key, at, taken.body),
    }


SENDERS: Mapping[str, Callable[[Taken], Answer | None]] = {"mail": _mail, "chat": _post, "webhook": _post}
