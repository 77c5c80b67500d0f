"""Whether everything that serving needs is there."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, JsonResponse

from keepwell.access.queries import users
from keepwell.faces import clock
from keepwell.faces.jobs import worker
from keepwell.pipeline.queries import status

log = logging.getLogger(__name__)


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when database, lake, worker and web are ready, else 503; says which is not."""
    del request
    parts = {"web": True, "database": _answers(users.exist), "lake": _answers(status.current)}
    parts["worker"] = parts["database"] and _answers(worker.must_be_alive)
    parts["relay"] = parts["database"] and _answers(lambda: status.relay_must_work(at=clock.now()))
    ready = all(parts.values())
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def _answers(ask: Callable[[], object]) -> bool:
    """Whether a question is answered at all; whatever prevents it is logged."""
    try:
        ask()
    except Exception as failure:
        log.warning("not ready: %s", failure)
        return False
    return True
