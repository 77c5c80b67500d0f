"""One button brings back what was just taken away by hand: a row, a person's place in an account, a rate."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from keepwell.faces.jobs import tasks
from keepwell.faces.web import taken_away, written
from keepwell.faces.web.asking import Asking, signed_in
from keepwell.faces.web.views import rates, record_forms


@require_POST
@signed_in
def restoration(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Bring it back; what is refused can be tried again."""
    undo, what, said = taken_away.find(request)
    if what == record_forms.PLACE:
        told, href = record_forms.put_back(said, asking)
    elif what == rates.RATE:
        told, href = rates.restated(said, asking)
    else:
        told, href = record_forms.restored(what, said, asking)
    taken_away.forget(request, undo)
    written.note(request, asking.now)
    tasks.nudge()
    messages.success(request, told, extra_tags="done")
    return HttpResponseRedirect(href)
