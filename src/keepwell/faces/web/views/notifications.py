"""The bell, its page, how one wants to be told, and the link by which a digest ends."""

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.access.actions import decisions as deeds
from keepwell.access.queries import decisions, scopes, users
from keepwell.faces import clock
from keepwell.faces.jobs import mail
from keepwell.faces.web import back
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import notifications as pages
from keepwell.kernel import speech
from keepwell.kernel.errors import Refused
from keepwell.plays.actions import notifications
from keepwell.plays.notices import KINDS
from keepwell.plays.queries import notifications as found

SHOWN = 50


@require_GET
@signed_in
def bell(request: HttpRequest, asking: Asking) -> HttpResponse:
    """How much is unread: the mark in the bar."""
    return respond(request, "web/bell_mark.html", {"unread": found.unread_count(seen_by=asking.seen_by)})


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """What one was told, the latest first."""
    only, offset = request.GET.get("unread") == "1", request.GET.get("offset", "")
    start = int(offset) if offset.isdecimal() and len(offset) < 9 else 0
    rows = found.latest(seen_by=asking.seen_by, unread=only, offset=start, limit=SHOWN)
    more = f"?{'unread=1&' if only else ''}offset={start + SHOWN}" if len(rows) == SHOWN else ""
    page = pages.page(
        rows,
        choices=found.choices(seen_by=asking.seen_by),
        digest=decisions.of(asking.by.preferences)["digest"],
        zone=decisions.reading(asking.by).time_zone,
        mails=mail.is_set_up(),
        unread=found.unread_count(seen_by=asking.seen_by),
        only_unread=only,
        next=more,
        now=asking.now,
    )
    return respond(request, "web/notifications.html", page, part="told")


@require_POST
@signed_in
def reading(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Mark one as read and open it, or all of them."""
    number = request.POST.get("id", "")
    ids = [int(number)] if number.isdecimal() and len(number) < 19 else None
    notifications.read(ids=ids, by=asking.seen_by, at=asking.now)
    return HttpResponseRedirect(back.to(request, otherwise=reverse("notifications")))


@require_POST
@signed_in
def choosing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """How one wants to be told, kind by kind, and when the digest comes."""
    given = request.POST
    try:
        for kind in KINDS:
            notifications.choose(
                kind=kind,
                in_app=f"app:{kind}" in given,
                by_mail=f"mail:{kind}" in given,
                by=asking.seen_by,
                at=asking.now,
            )
        deeds.prefer(said={"digest": given.get("digest", "")}, by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        messages.error(request, speech.said(refusal), extra_tags="refused")
    else:
        messages.success(request, speech.told("You will be told in this way from now on."), extra_tags="done")
    return HttpResponseRedirect(reverse("notifications"))


@csrf_exempt  # the mail programs' one-click request carries no cookie; the signed address is the proof
@require_http_methods(["GET", "POST"])
def end_digest(request: HttpRequest, token: str) -> HttpResponse:
    """End the digests of whoever got the letter; the first visit only asks, so that no scanner of links does it."""
    try:
        user = users.by_id(signing.loads(token, salt=mail.SALT))
    except (signing.BadSignature, Refused):
        raise Http404 from None
    if request.method == "POST":
        deeds.prefer(said={"digest": "never"}, by=scopes.of_user(user, through="mail"), at=clock.now())
    return render(request, "web/digest_end.html", {"is_done": request.method == "POST", "email": user.email})
