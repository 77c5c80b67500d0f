"""Views of the accounts list: saved, shared, renamed, copied, opened by default, deleted and brought back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from keepwell.faces.web import taken_away
from keepwell.faces.web.actions import saved_views as deeds
from keepwell.faces.web.asking import Asking, signed_in
from keepwell.faces.web.pages.filters import said
from keepwell.faces.web.views.accounts import Asked
from keepwell.kernel import speech
from keepwell.kernel.errors import Conflict, Invalid

DELETED = "saved-view"


@require_POST
@signed_in
def saved(request: HttpRequest, asking: Asking) -> HttpResponse:
    """A new view of the state that the form holds, or one of one's own said otherwise."""
    form = request.POST
    view_id = int(form["view"]) if form.get("view", "").isdecimal() else None
    query = QueryDict(form.get("state", "").removeprefix("?")).dict()
    try:
        filters = Asked.of(query, asking).filters
        made = deeds.save(
            name=form.get("name", ""), state=said(filters.state()), shared=form.get("shared", "private"),
            by=asking.seen_by, at=asking.now, view_id=view_id,
        )  # fmt: skip
    except (Invalid, Conflict) as refusal:
        messages.error(request, speech.said(refusal), extra_tags="refused")
        return HttpResponseRedirect(reverse("accounts") + form.get("state", ""))
    messages.success(request, speech.told("The view is saved."), extra_tags="done")
    return HttpResponseRedirect(f"{reverse('accounts')}?view={made}")


@require_POST
@signed_in
def default(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Open the list with a view from now on, or as usual."""
    view = request.POST.get("view", "")
    deeds.open_with(view_id=int(view) if view.isdecimal() else None, by=asking.seen_by)
    return HttpResponseRedirect(f"{reverse('accounts')}?view={view or 'usual'}")


@require_POST
@signed_in
def deletion(request: HttpRequest, asking: Asking, view_id: int) -> HttpResponse:
    """Delete a view of one's own; the answer offers to bring it back."""
    name = deeds.delete(view_id=view_id, by=asking.seen_by, at=asking.now)
    taken_away.keep(request, DELETED, view_id, told=speech.told("The view “%(name)s” is deleted.", name=name))
    return HttpResponseRedirect(f"{reverse('accounts')}?view=usual")


def restored(said: Any, asking: Asking) -> tuple[str, str]:
    """Bring a view back; what to tell, and where it stands."""
    name = deeds.restore(view_id=int(said), by=asking.seen_by, at=asking.now)
    return speech.told("The view “%(name)s” is back.", name=name), f"{reverse('accounts')}?view={said}"
