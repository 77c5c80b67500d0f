"""One button takes back what was just done by hand: a row that is gone, a person's place in an account, a rate."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from keepwell.faces.jobs import tasks
from keepwell.faces.web import taken_away, written
from keepwell.faces.web.asking import Asking, signed_in
from keepwell.faces.web.views import (
    account_files,
    account_people,
    account_timeline,
    bulk,
    rates,
    record_forms,
    saved_views,
    today,
)
from keepwell.faces.web.views import tasks as set_tasks

Restorer = Callable[[Any, Asking], tuple[str, str]]

# How each deed is taken back: what to say then, and where it stands. Anything else is a row of the records.
RESTORERS: dict[str, Restorer] = {
    record_forms.PLACE: record_forms.put_back,
    rates.RATE: rates.restated,
    account_files.FILE: account_files.brought_back,
    account_people.STAKE: account_people.taken_back,
    account_timeline.WORDING: account_timeline.taken_back,
    set_tasks.DONE: set_tasks.reopened,
    **today.RESTORERS,
    bulk.DONE: bulk.undone,
    saved_views.DELETED: saved_views.restored,
}


@require_POST
@signed_in
def restoration(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Take it back; what is refused can be tried again."""
    undo, what, said = taken_away.find(request)
    restore = RESTORERS.get(what)
    told, href = restore(said, asking) if restore else record_forms.restored(what, said, asking)
    taken_away.forget(request, undo)
    written.note(request, asking.now)
    tasks.nudge()
    messages.success(request, told, extra_tags="done")
    return HttpResponseRedirect(href)
