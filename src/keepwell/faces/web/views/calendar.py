"""One's calendar: the secret address in the preferences, and the file that calendar programs read there."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from keepwell.access.actions import feeds as deeds
from keepwell.access.queries import decisions, feeds
from keepwell.cockpit.queries import calendar
from keepwell.faces import calendar_files, clock
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.locale import reading
from keepwell.faces.web.pages.calendar import AddressPage
from keepwell.kernel import speech
from keepwell.kernel.errors import NotFound


@require_POST
@signed_in
def address(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Make one's address, or another one in its place; it is shown in this answer and never again."""
    secret = deeds.create(by=asking.seen_by, at=asking.now)
    there = request.build_absolute_uri(reverse("calendar", args=(secret,)))
    page = AddressPage(address=there, webcal="webcal://" + there.partition("://")[2])
    response = respond(request, "web/calendar_address.html", page)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@signed_in
def revocation(request: HttpRequest, asking: Asking) -> HttpResponse:
    """End one's address."""
    deeds.revoke(by=asking.seen_by, at=asking.now)
    messages.success(request, speech.told("The calendar address no longer answers."), extra_tags="done")
    return HttpResponseRedirect(reverse("settings-preferences") + "#calendar")


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of whoever made the address; nobody signs in, and an unknown address does not exist."""
    try:
        reader = feeds.of_secret(token)
    except NotFound as refusal:
        return HttpResponse(f"{refusal.english}\n", status=404, content_type="text/plain; charset=utf-8")
    now = clock.now()
    with reading(reader.user):
        zone = decisions.reading(reader.user).time_zone
        found = calendar.entries(seen_by=reader.seen_by, now=now, zone=zone)
        tag = calendar_files.etag(found)
        if request.headers.get("If-None-Match") == tag:
            response = HttpResponse(status=304)
        else:
            said = calendar_files.ics(found, address=request.build_absolute_uri("/"), now=now)
            response = HttpResponse(said, content_type="text/calendar; charset=utf-8")
            response.headers["Content-Disposition"] = 'inline; filename="keepwell.ics"'
    deeds.note_read(feed_id=reader.feed_id, at=now)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
