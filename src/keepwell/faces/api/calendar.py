"""A person's calendar over the REST API: what stands in it, and the secret address that calendar programs read."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.urls import reverse
from ninja import Router, Schema, Status

from keepwell.access.actions import feeds as deeds
from keepwell.access.queries import decisions, feeds, users
from keepwell.cockpit.queries import calendar
from keepwell.faces import calendar_files, clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem
from keepwell.kernel.errors import Forbidden, NotFound

router = Router()
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem}


class CalendarEntryOut(Schema):
    """One thing of a calendar; `starts` is a day where the whole day is meant, else a moment. `uid` stays the same."""

    uid: str
    kind: Literal["touchpoint", "task", "office_hour", "clock", "renewal"]
    title: str
    more: str
    starts: date | datetime
    ends: datetime | None
    weekly: bool
    place: str
    href: str


class CalendarFeedOut(Schema):
    """That there is an address, since when, and when a program last read it (to the hour)."""

    created_at: datetime
    last_read_at: datetime | None


class CalendarAddressOut(Schema):
    """The address; it is shown this once."""

    address: str


@router.get("/calendar", response={200: list[CalendarEntryOut], **REFUSALS})
def entries(request: Asked) -> list[dict[str, Any]]:
    """What is due for the token's person: their tasks, and of the accounts that they own conversations, office hours,
    clocks of incidents and renewals; half a year ahead.
    """
    if request.auth.user_id is None:
        raise Forbidden("Only a person has a calendar. Use a person's token.")
    zone = decisions.reading(users.by_id(request.auth.user_id)).time_zone
    found = calendar.entries(seen_by=request.auth, now=clock.now(), zone=zone)
    return [{**vars(one), "href": calendar_files.href(one)} for one in found]


@router.get("/calendar/address", response={200: CalendarFeedOut, 404: Problem, **REFUSALS})
def address(request: Asked) -> feeds.FeedView:
    """Whether there is an address; itself it is not stored."""
    found = feeds.own(seen_by=request.auth)
    if found is None:
        raise NotFound("You have no calendar address.")
    return found


@router.post("/calendar/address", response={201: CalendarAddressOut, **REFUSALS})
def make(request: Asked) -> Status[dict[str, str]]:
    """Make an address, or another one in its place: the present one then ends. Needs a token that may write."""
    request.auth.require("work.do")
    secret = deeds.create(by=request.auth, at=clock.now())
    return Status(201, {"address": _absolute(request, reverse("calendar", args=(secret,)))})


@router.delete("/calendar/address", response={204: None, 404: Problem, **REFUSALS})
def end(request: Asked) -> Status[None]:
    """End the address. Needs a token that may write."""
    request.auth.require("work.do")
    deeds.revoke(by=request.auth, at=clock.now())
    return Status(204, None)


def _absolute(request: HttpRequest, path: str) -> str:
    return str(request.build_absolute_uri(path))
