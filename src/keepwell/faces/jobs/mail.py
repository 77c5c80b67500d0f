"""Send the digests: text and HTML, each with a link by which one press ends them."""

from email.charset import QP, Charset
from email.utils import formatdate, make_msgid
from smtplib import SMTPException

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.template.loader import render_to_string
from django.urls import reverse

from keepwell.access.queries import scopes
from keepwell.cockpit.queries import today
from keepwell.faces import clock
from keepwell.faces.web import locale
from keepwell.faces.web.pages import notifications as pages
from keepwell.faces.web.pages import today as today_pages
from keepwell.plays.actions import letters
from keepwell.plays.actions.letters import Taken
from keepwell.plays.queries import notifications

SALT = "keepwell.digest"
MOST_ROWS = 10
# Not every server passes on eight bits.
SEVEN_BITS = Charset("utf-8")
SEVEN_BITS.body_encoding = QP
PATIENCE_SECONDS = 20


def is_set_up() -> bool:
    """Whether a mail server is named."""
    return bool(settings.KEEPWELL_SMTP)


def send_all() -> int:
    """Queue the letters whose morning has come and send whatever waits; gives how many the server took."""
    if not is_set_up():
        return 0
    letters.make(at=clock.now())
    count = 0
    while (taken := letters.take(at=clock.now())) is not None:
        count += _send(taken)
    return count


def _send(taken: Taken) -> int:
    message = _message(taken)
    if message is None:
        letters.sent(letter_id=taken.letter_id, at=clock.now(), words="There was nothing to say.")
        return 0
    try:
        message.send()
    except (OSError, SMTPException) as failure:
        letters.failed(
            letter_id=taken.letter_id, at=clock.now(), words=f"{type(failure).__name__}: {failure}"
        )
        return 0
    letters.sent(letter_id=taken.letter_id, at=clock.now())
    return 1


def _message(taken: Taken) -> EmailMultiAlternatives | None:
    """The letter as its reader reads: in their language and zone."""
    with locale.reading(taken.user):
        return _written(taken)


def _written(taken: Taken) -> EmailMultiAlternatives | None:
    now, scope = clock.now(), scopes.of_user(taken.user, through="mail")
    found = today.today(seen_by=scope, now=now, days=today_pages.days_of(now))
    told = notifications.for_letter(seen_by=scope, since=taken.since, until=now)
    page = pages.digest(
        found, told, name=str(taken.user), now=now, base=settings.KEEPWELL_URL, most=MOST_ROWS
    )
    if page.is_empty:
        return None
    leave = settings.KEEPWELL_URL + reverse("digest-end", args=(signing.dumps(taken.user.pk, salt=SALT),))
    said = {"page": page, "leave": leave, "base": settings.KEEPWELL_URL}
    message = EmailMultiAlternatives(
        subject=page.subject,
        body=render_to_string("mail/digest.txt", said),
        from_email=settings.KEEPWELL_MAIL_FROM,
        to=[taken.user.email],
        connection=connection(),
        headers={
            "Date": formatdate(now.timestamp()),
            "Message-ID": make_msgid(idstring=f"digest-{taken.letter_id}", domain="keepwell.invalid"),
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.encoding = SEVEN_BITS
    message.attach_alternative(render_to_string("mail/digest.html", said), "text/html")
    return message


def connection() -> EmailBackend:
    """The server that is named; it has so long to answer."""
    return EmailBackend(timeout=PATIENCE_SECONDS, **settings.KEEPWELL_SMTP)
