"""What editors have in common: a form that is drawn anew at each press of a button, and that only Save writes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, respond
from keepwell.kernel import speech
from keepwell.kernel.errors import Conflict, Forbidden, Invalid


@dataclass(frozen=True)
class Editor:
    """An editor of something that the company says: its template, what is edited, and how a refusal is worded in a form."""

    template: str
    several: str
    done: str
    plainly: Callable[[str], str]

    def may(self, asking: Asking) -> None:
        """Refuse whoever may not change it."""
        if not asking.seen_by.may("config.change"):
            raise Forbidden(
                "%(several)s by CS operations. Ask somebody whose role may change configuration.",
                several=self.several,
            )

    def answer(
        self, request: HttpRequest, *, page: Callable[[str], Any], save: Callable[[], str]
    ) -> HttpResponse:
        """Draw the form with what is typed; with Save write it and go to the address that `save` gives.

        `page` draws it with what was refused, if anything was. A try, for which the page asks by itself, is `live` beside the
        form.
        """
        deed = request.POST.get("deed")
        if deed != "save":
            return respond(request, self.template, page(""), part="live" if deed == "try" else "editing")
        try:
            address = save()
        except (Invalid, Conflict) as refusal:
            return respond(request, self.template, page(self.plainly(str(refusal))), status=422)
        return done(request, self.done, address)


def tries(request: HttpRequest) -> bool:
    """Whether the answer waits for what the form would say now: where the page asked for that, or cannot ask by itself."""
    deed = request.POST.get("deed")
    return deed == "try" or (
        request.method == "POST" and deed != "save" and not getattr(request, "htmx", False)
    )


def retired(
    request: HttpRequest, deed: Callable[[], None], *, said: str, here: str, back: str
) -> HttpResponse:
    """Retire something and go back to the list; or stay with what rests on it."""
    try:
        deed()
    except Invalid as refusal:
        messages.error(request, speech.said(refusal), extra_tags="refused")
        return HttpResponseRedirect(here)
    return done(request, said, back)


def done(request: HttpRequest, said: str, address: str) -> HttpResponse:
    """Numbers follow soon; say so and go on."""
    tasks.nudge()
    messages.success(request, said, extra_tags="done")
    return HttpResponseRedirect(address)
