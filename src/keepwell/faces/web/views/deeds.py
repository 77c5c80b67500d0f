"""One address for what is done with a thing of an account: which deed it is stands in the form."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking
from keepwell.kernel.errors import NotFound, Refused

Told = Mapping[str, str]
Act = Callable[[dict[str, Any], Told], str]
LONGEST_ANCHOR = 80


def done(
    request: HttpRequest, asking: Asking, key: str, *, acts: Mapping[str, Act], here: str
) -> HttpResponse:
    """Do what `deed` names and go back to `here`, at the place that `at` names; a refusal is told there."""
    asking.seen_by.require("work.do")
    told = {name: str(said) for name, said in request.POST.items()}
    act = acts.get(told.get("deed", ""))
    if act is None:
        raise NotFound("There is no such deed.")
    try:
        said = act({"account": key, "by": asking.seen_by, "at": asking.now}, told)
    except NotFound:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal), extra_tags="refused")
    else:
        tasks.nudge()
        messages.success(request, said, extra_tags="done")
    return HttpResponseRedirect(reverse(here, args=(key,)) + told.get("at", "")[:LONGEST_ANCHOR])
