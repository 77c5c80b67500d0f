"""What a person has just taken away by hand: kept with their session, so that one button brings it back."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest

from keepwell.kernel.errors import NotFound

REMOVED = "removed_records"
KEPT = 5
MARK = "undo-"


def keep(request: HttpRequest, what: str, said: Any, *, told: str) -> None:
    """Say that it is gone, with a button; `said` is what brings it back, fit for JSON. The last five are kept."""
    undo = uuid4().hex
    kept = dict(list(request.session.get(REMOVED, {}).items())[1 - KEPT :])
    request.session[REMOVED] = kept | {undo: [what, said]}
    messages.success(request, told, extra_tags=f"{MARK}{undo}")


def find(request: HttpRequest) -> tuple[str, str, Any]:
    """What the pressed button brings back: its mark, what it is, and what was said of it."""
    undo = request.POST.get("removed", "").removeprefix(MARK)
    kept = request.session.get(REMOVED, {})
    if undo not in kept:
        raise NotFound("What was taken away can no longer be brought back here. Enter it again.")
    what, said = kept[undo]
    return undo, what, said


def forget(request: HttpRequest, undo: str) -> None:
    """It is back."""
    kept = request.session.get(REMOVED, {})
    kept.pop(undo, None)
    request.session[REMOVED] = kept
