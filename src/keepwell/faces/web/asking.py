"""Who asks, and when: the two things every page needs before it may ask a stage anything."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from keepwell.access.queries import scopes
from keepwell.access.scopes import Scope
from keepwell.faces import clock
from keepwell.faces.components import words
from keepwell.ledger.queries import accounts

P = ParamSpec("P")
READ = "now"  # the address says it where what the lake tells is asked for; a page's first answer reads none of it
AN_ACCOUNT = "accounts/<account_key:key>/"


@dataclass(frozen=True)
class Asking:
    """A signed-in person's request, at a moment."""

    seen_by: Scope
    by: Any
    now: datetime

    @property
    def day(self) -> date:
        """The day of the request, UTC: what facts are asked by."""
        return self.now.date()

    @property
    def today(self) -> date:
        """The day of the request where the reader is: what pages call today."""
        return words.local_day(self.now)


Answer = HttpResponse | StreamingHttpResponse
View = Callable[Concatenate[HttpRequest, Asking, P], Answer]


def signed_in(view: View[P]) -> Callable[Concatenate[HttpRequest, P], Answer]:
    """Send strangers to the door; tell the view who asks and when."""

    @wraps(view)
    def asked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> Answer:
        user = request.user
        assert not isinstance(user, AnonymousUser)
        asking = Asking(scopes.of_user(user, through="web"), user, clock.now())
        _refuse_others(request, asking.seen_by)
        return view(request, asking, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], Answer]", login_required(asked))


def _refuse_others(request: HttpRequest, seen_by: Scope) -> None:
    """What is sent to an account that one may not see finds nothing there. One query."""
    match = request.resolver_match
    if request.method == "POST" and match is not None and match.route.startswith(AN_ACCOUNT):
        accounts.require(key=match.kwargs["key"], seen_by=seen_by)


def watched(request: HttpRequest, template: str, page: object, *, moving: bool) -> HttpResponse:
    """How far a job is, as the part `progress` of its page; once it has ended, the whole page is asked for again."""
    response = respond(request, template, page, part="progress" if moving else "")
    if not moving and getattr(request, "htmx", False):
        response.headers["HX-Refresh"] = "true"
    return response


def respond(
    request: HttpRequest, template: str, page: object, *, part: str = "", status: int = 200
) -> HttpResponse:
    """The page, or only its `part` when HTMX asked for a fragment; caches keep the two apart."""
    fragment = bool(part) and bool(getattr(request, "htmx", False))
    response = render(request, f"{template}#{part}" if fragment else template, {"page": page}, status=status)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response
