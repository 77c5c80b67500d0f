"""One button takes back what was just done by hand: a row that is gone, a person's place in an account, a rate."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from keepwell.faces.components import words
from keepwell.faces.components.templatetags.components import UNDO
from keepwell.faces.jobs import tasks
from keepwell.faces.web import written
from keepwell.faces.web.actions import taken_away as deeds
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.queries import taken_away as queries
from keepwell.faces.web.views import (
    account_cadence,
    account_files,
    account_journey,
    account_people,
    account_timeline,
    advocacy,
    amendments,
    bulk,
    decks,
    gaps,
    hand_overs,
    library,
    office_hours,
    rates,
    record_forms,
    reviews,
    rules,
    saved_views,
    segments,
    signals,
    task_forms,
    time,
    today,
    triage,
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
    task_forms.DELETED: task_forms.brought_back,
    set_tasks.DONE: set_tasks.reopened,
    **today.RESTORERS,
    rules.RESTED: rules.woken,
    signals.RESPONDED: signals.answered_again,
    **time.RESTORERS,
    **account_cadence.RESTORERS,
    **account_journey.RESTORERS,
    **advocacy.RESTORERS,
    **amendments.RESTORERS,
    **hand_overs.RESTORERS,
    bulk.DONE: bulk.undone,
    saved_views.DELETED: saved_views.restored,
    segments.RETIRED: segments.said_again,
    triage.TRIAGED: triage.untriaged,
    **gaps.RESTORERS,
    **office_hours.RESTORERS,
    **library.RESTORERS,
    **reviews.RESTORERS,
    **decks.RESTORERS,
}


@dataclass(frozen=True)
class DeedRow:
    """Something that was done, and when."""

    mark: str
    told: str
    when: str


@require_GET
@signed_in
def lately(request: HttpRequest, asking: Asking) -> HttpResponse:
    """What one did in the last month and may take back."""
    found = queries.lately(user_id=asking.by.pk)
    rows = tuple(
        DeedRow(f"{UNDO}{deed.mark.hex}", deed.told, words.moment(deed.at, today=asking.today))
        for deed in found
    )
    return respond(request, "web/lately.html", rows)


@require_POST
@signed_in
def restoration(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Take it back; what is refused can be tried again."""
    asked = request.POST.get("removed", "").removeprefix(UNDO)
    mark, what, said = queries.find(mark=asked, user_id=asking.by.pk)
    restore = RESTORERS.get(what)
    told, href = restore(said, asking) if restore else record_forms.restored(what, said, asking)
    deeds.forget(mark=mark)
    written.note(request, asking.now)
    tasks.nudge()
    messages.success(request, told, extra_tags="done")
    return HttpResponseRedirect(href)
