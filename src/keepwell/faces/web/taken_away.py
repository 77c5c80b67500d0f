"""What a person has just done by hand and may take back: kept with their session; the toast has the button.

`views.restoration.RESTORERS` says how each is taken back.
"""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest

from keepwell.faces.components.templatetags.components import UNDO
from keepwell.kernel.errors import NotFound

REMOVED = "removed_records"
KEPT = 5


def keep(request: HttpRequest, what: str, said: Any, *, told: str) -> None:
    """Say what was done, with a button; `said` is what takes it back, fit for JSON. The last five are kept."""
    undo = uuid4().hex
    kept = dict(list(request.session.get(REMOVED, {}).items())[1 - KEPT :])
    request.session[REMOVED] = kept | {undo: [what, said]}
    messages.success(request, told, extra_tags=f"{UNDO}{undo}")


def find(request: HttpRequest) -> tuple[str, str, Any]:
    """What the pressed button brings back: its mark, what it is, and what was said of it."""
    undo = request.POST.get("removed", "").removeprefix(UNDO)
    kept = request.session.get(REMOVED, {})
    if undo not in kept:
        raise NotFound("This can no longer be taken back here. Do it again by hand.")
    what, said = kept[undo]
    return undo, what, said


def forget(request: HttpRequest, undo: str) -> None:
    """It is back."""
    kept = request.session.get(REMOVED, {})
    kept.pop(undo, None)
    request.session[REMOVED] = kept
