"""What a person has just written may still be on its way to the ledger's events; pages that show those look again."""

from datetime import datetime, timedelta

from django.http import HttpRequest

from keepwell.kernel.moments import parse_moment
from keepwell.ledger.queries import state

WRITTEN = "written_at"
PATIENCE = timedelta(seconds=30)


def note(request: HttpRequest, at: datetime) -> None:
    """Remember with the session that this person wrote something."""
    request.session[WRITTEN] = at.isoformat()


def is_settling(request: HttpRequest, now: datetime) -> bool:
    """Whether what this person wrote is not to be seen yet. No query unless they wrote within half a minute."""
    told = request.session.get(WRITTEN)
    if told is None:
        return False
    at = parse_moment(told)
    if now - at < PATIENCE and state.is_waiting(received_until=at):
        return True
    del request.session[WRITTEN]
    return False
