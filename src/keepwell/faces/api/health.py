"""Whether everything that serving needs is there."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, JsonResponse

from keepwell.access.queries import users
from keepwell.faces import clock
from keepwell.faces.jobs import worker
from keepwell.intake.queries import room
from keepwell.ledger.queries import wholeness
from keepwell.pipeline.queries import status

log = logging.getLogger(__name__)


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when database, lake, disk, relay, worker and web are ready, else 503; says which is not, and what is the matter."""
    del request
    parts = {"web": True, "database": _answers(users.exist), "lake": _answers(status.current)}
    parts["worker"] = parts["database"] and _answers(worker.must_be_alive)
    parts["relay"] = parts["database"] and _answers(lambda: status.relay_must_work(at=clock.now()))
    disk = room.disk_trouble()
    parts["disk"] = not disk
    ready = all(parts.values())
    said: dict[str, object] = {"ready": ready, **parts}
    if not ready:
        said["trouble"] = [
            words for words in (disk, _said_by_the_relay() if parts["database"] else "") if words
        ]
        if parts["database"] and not parts["lake"]:
            said["damage"] = _told(wholeness.problem)
    return JsonResponse(said, status=200 if ready else 503)


def _said_by_the_relay() -> str:
    failure = status.relay_failure()
    return f"The relay cannot go on and tries again: {failure}" if failure else ""


def _told(ask: Callable[[], str]) -> str:
    """What is said; whatever else prevents it was logged when it was asked first."""
    try:
        return ask()
    except Exception as failure:
        return type(failure).__name__


def _answers(ask: Callable[[], object]) -> bool:
    """Whether a question is answered at all; whatever prevents it is logged."""
    try:
        ask()
    except Exception as failure:
        log.warning("not ready: %s", failure)
        return False
    return True
