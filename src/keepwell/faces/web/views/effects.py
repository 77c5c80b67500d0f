"""The effect of triage: the PM's load and CSAT, before and after it began, account by account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import effects as pages
from keepwell.kernel import speech
from keepwell.kernel.errors import Refused
from keepwell.kernel.moments import parse_day
from keepwell.ledger.queries import accounts
from keepwell.plays.actions import triage
from keepwell.plays.queries import effects

HEAD = (
    "account", "name", "began_on", "load_before_a_week", "load_after_a_week", "change_percent", "low_percent",
    "high_percent", "why_not", "csat_before_percent", "csat_answers_before", "csat_after_percent", "csat_answers_after",
    "waiting",
)  # fmt: skip


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking) -> HttpResponse:
    """All accounts whose triage has begun; one of them closer."""
    return respond(request, "web/triage_effect.html", _page(request, asking))


def _page(request: HttpRequest, asking: Asking, *, refused: str = "") -> pages.EffectPage:
    typed = request.POST if request.method == "POST" else request.GET
    asked = typed.get("account", "").strip()
    return pages.page(
        effects.everything(seen_by=asking.seen_by, at=asking.now),
        asked=accounts.meant(asked, seen_by=asking.seen_by) if asked else "",
        began_on=typed.get("began_on", ""),
        today=asking.today,
        may_work=asking.seen_by.may("work.do"),
        refused=refused,
    )


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """The same as a file."""
    del request
    found = effects.everything(seen_by=asking.seen_by, at=asking.now)
    return streamed(f"triage-effect-{asking.today}", HEAD, (_cells(one) for one in found))


def _cells(one: effects.EffectView) -> tuple[object, ...]:
    load, content = one.load, one.content
    high = None if load.high in (None, float("inf")) else load.high
    return (
        one.account_key, one.account_name, one.began_on, _figure(load.before), _figure(load.after),
        _percent(load.change), _percent(load.low), _percent(high), load.why, _percent(content.before),
        content.before_answers, _percent(content.after), content.after_answers, one.waiting,
    )  # fmt: skip


def _figure(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _percent(value: float | None) -> str | None:
    return None if value is None else f"{100 * value:.1f}"


@require_POST
@signed_in
def begin(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Say from which day on an account's tickets are triaged, and who had them before."""
    given = request.POST
    try:
        key = accounts.meant(given.get("account", "").strip(), seen_by=asking.seen_by)
        triage.begin(
            account=key, began_on=parse_day(given.get("began_on", "")), pm_had_all=given.get("had") == "pm",
            by=asking.seen_by, at=asking.now,
        )  # fmt: skip
    except Refused as refusal:
        page = _page(request, asking, refused=str(refusal))
        return respond(request, "web/triage_effect.html", page, status=422)
    messages.success(request, speech.told("Noted: the effect is counted from that day."), extra_tags="done")
    return HttpResponseRedirect(reverse("triage-effect") + "?" + urlencode({"account": key}))
