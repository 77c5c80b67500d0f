"""What a person has just done by hand and may take back: the toast has the button, and so has the page of recent deeds.

`views.restoration.RESTORERS` says how each is taken back.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from keepwell.faces import clock
from keepwell.faces.components.templatetags.components import UNDO
from keepwell.faces.web.actions import taken_away


def keep(request: HttpRequest, what: str, said: Any, *, told: str) -> None:
    """Say what was done, with a button; `said` is what takes it back, fit for JSON."""
    user_id = request.user.pk
    assert user_id is not None
    mark = taken_away.keep(user_id=user_id, what=what, said=said, told=told, at=clock.now())
    messages.success(request, told, extra_tags=f"{UNDO}{mark.hex}")
