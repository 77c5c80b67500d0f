"""Send the mails that tell of an incident at once: who is called, and to whom it was escalated."""

from email.utils import formatdate, make_msgid
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from keepwell.faces import clock
from keepwell.faces.jobs import mail
from keepwell.faces.web import locale
from keepwell.kernel import speech
from keepwell.plays.actions import escalation_mails
from keepwell.plays.actions.escalation_mails import Taken

SUBJECTS = {
    "called": speech.later("You are called to an incident of %(account)s"),
    "again": speech.later("An incident of %(account)s came back"),
    "overdue": speech.later("An incident of %(account)s is overdue"),
    "by_hand": speech.later("A colleague needs you for %(account)s"),
}


def send_all() -> int:
    """Send whatever waits; gives how many the server took."""
    if not mail.is_set_up():
        return 0
    count = 0
    while (taken := escalation_mails.take(at=clock.now())) is not None:
        count += _send(taken)
    return count


def _send(taken: Taken) -> int:
    with locale.reading(taken.user):
        message = _written(taken)
    try:
        message.send()
    except (OSError, SMTPException) as failure:
        words = f"{type(failure).__name__}: {failure}"
        escalation_mails.failed(telling_id=taken.telling_id, at=clock.now(), words=words)
        return 0
    escalation_mails.sent(telling_id=taken.telling_id, at=clock.now())
    return 1


def _written(taken: Taken) -> EmailMultiAlternatives:
    subject = speech.told(SUBJECTS[taken.kind], account=" ".join(taken.account.split()))
    said = {
        "subject": subject,
        "what": taken.what,
        "title": taken.title,
        "href": settings.KEEPWELL_URL + reverse("incident", args=(taken.incident_id,)),
        "base": settings.KEEPWELL_URL,
    }
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("mail/incident.txt", said),
        from_email=settings.KEEPWELL_MAIL_FROM,
        to=[taken.user.email],
        connection=mail.connection(),
        headers={
            "Date": formatdate(clock.now().timestamp()),
            "Message-ID": make_msgid(idstring=f"incident-{taken.telling_id}", domain="keepwell.invalid"),
            "Auto-Submitted": "auto-generated",
        },
    )
    message.encoding = mail.SEVEN_BITS
    message.attach_alternative(render_to_string("mail/incident.html", said), "text/html")
    return message
