"""Channels, where playbooks send chat messages and signed webhooks: the list, one with its deliveries, its deeds."""

import csv
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.faces.jobs import sending, tasks
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import Echo, safe
from keepwell.faces.web.pages import channels as pages
from keepwell.kernel import slugs, speech
from keepwell.kernel.errors import Forbidden, Refused
from keepwell.plays.actions import channels as deeds
from keepwell.plays.actions import messages as message_deeds
from keepwell.plays.queries import messages

SHOWN, AT_ONCE = 100, 500


@require_http_methods(["GET", "POST"])
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """All channels; a POST opens another."""
    may_change = asking.seen_by.may("config.change")
    said: dict[str, Any] = {"now": asking.now, "may_change": may_change}
    if request.method == "GET":
        return respond(request, "web/channels.html", pages.listing(messages.channels(), **said))
    typed = pages.Typed(*(request.POST.get(name, "").strip() for name in ("title", "kind", "url")))
    try:
        slug = slugs.made_of(typed.title)
        secret = deeds.open_channel(
            slug=slug, title=typed.title, kind=typed.kind, url=typed.url, by=asking.seen_by, at=asking.now
        )
    except Forbidden:
        raise
    except Refused as refusal:
        page = pages.listing(messages.channels(), typed=typed, refused=str(refusal), **said)
        return respond(request, "web/channels.html", page, status=422)
    if secret:
        return _shown_once(request, slug, typed.title, secret)
    toasts.success(request, speech.told("The channel is open. Test it now."), extra_tags="done")
    return HttpResponseRedirect(reverse("settings-channel", args=(slug,)))


def _shown_once(request: HttpRequest, slug: str, title: str, secret: str) -> HttpResponse:
    response = respond(request, "web/channel_secret.html", pages.SecretPage(slug, title, secret))
    response.headers["Cache-Control"] = "no-store"
    return response


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, channel: str) -> HttpResponse:
    """One channel, and what went through it about accounts that one may see."""
    page = pages.detail(
        messages.channel(slug=channel),
        messages.page(seen_by=asking.seen_by, channel=channel, limit=SHOWN),
        now=asking.now,
        may_change=asking.seen_by.may("config.change"),
        may_work=asking.seen_by.may("work.do"),
        limit=SHOWN,
    )
    return respond(request, "web/channel.html", page)


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking, channel: str) -> StreamingHttpResponse:
    """All its deliveries as CSV, the latest first."""
    del request
    messages.channel(slug=channel)
    response = StreamingHttpResponse(_lines(asking, channel), content_type="text/csv; charset=utf-8")
    name = f"deliveries-{channel}-{asking.today}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(asking: Asking, channel: str) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow(
        ("message", "account", "run", "step", "state", "tries", "made_at", "ended_at", "last")
    )
    before: int | None = None
    while found := messages.page(seen_by=asking.seen_by, channel=channel, before=before, limit=AT_ONCE):
        for one in found:
            last = one.attempts[-1] if one.attempts else None
            ended = one.ended_at.isoformat() if one.ended_at else ""
            said = "" if last is None else last.error or str(last.status or "")
            yield writer.writerow(
                (
                    one.key, safe(one.account_key), one.run or "", one.step, one.state, len(one.attempts),
                    one.made_at.isoformat(), ended, said,
                )
            )  # fmt: skip
        before = found[-1].id


@require_POST
@signed_in
def deed(request: HttpRequest, asking: Asking, channel: str) -> HttpResponse:
    """Test it, pause it or let it go on, give it a new secret, send a message again, close it."""
    one = messages.channel(slug=channel)
    asked: dict[str, Any] = {"slug": channel, "by": asking.seen_by, "at": asking.now}
    what = request.POST.get("deed", "")
    try:
        if what == "rotate":
            return _shown_once(request, channel, one.title, deeds.rotate(**asked))
        said = _done(what, asked, asking, request.POST.get("message", ""))
    except Forbidden:
        raise
    except Refused as refusal:
        toasts.error(request, str(refusal), extra_tags="refused")
    else:
        tasks.nudge()
        toasts.success(request, said, extra_tags="done")
    here = reverse("settings-channels") if what == "close" else reverse("settings-channel", args=(channel,))
    return HttpResponseRedirect(here)


def _done(what: str, asked: dict[str, Any], asking: Asking, message: str) -> str:
    if what == "test":
        if sending.test(slug=asked["slug"], by=asking.seen_by):
            return speech.told("The test was taken.")
        return speech.told("The test was not taken. What was answered stands above the deliveries.")
    if what == "again" and message.isdecimal() and len(message) < 10:
        message_deeds.replay(message_id=int(message), by=asking.seen_by, at=asking.now)
        return speech.told("It is sent once more.")
    known: dict[str, tuple[Callable[..., None], str]] = {
        "pause": (deeds.pause, speech.told("It is paused. Its messages wait.")),
        "go_on": (deeds.go_on, speech.told("It goes on. What waited is sent.")),
        "close": (deeds.close, speech.told("It is closed. Its address and secret are forgotten.")),
    }
    if what not in known:
        return speech.told("Nothing was done.")
    act, said = known[what]
    act(**asked)
    return said
