"""Which raw keys mean no account yet, and the one that each may mean."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from keepwell.faces.components.marks import DayMark
from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.kernel import speech
from keepwell.kernel.errors import Refused
from keepwell.ledger.actions import identity as deeds
from keepwell.ledger.queries import accounts, unresolved

TEMPLATE, SHOWN = "web/identity.html", 100


@dataclass(frozen=True)
class KeyRow:
    """A raw key that means nothing yet."""

    of: str
    key: str
    events: int
    last: DayMark | None
    suggested: str
    why: str


@dataclass(frozen=True)
class LinkRow:
    """A key that somebody linked."""

    of: str
    key: str
    account: str
    account_name: str
    day: DayMark | None


@dataclass(frozen=True)
class IdentityPage:
    """Keys that wait, and what was linked by hand; without `rows` nobody looked for keys yet."""

    rows: tuple[KeyRow, ...] | None
    links: tuple[LinkRow, ...]
    is_more: bool


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The page, without the keys."""
    asking.seen_by.require("accounts.assign")
    return respond(request, TEMPLATE, IdentityPage(None, _links(asking), is_more=False))


@require_GET
@signed_in
def keys(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The keys; reads the lake, so the page asks for them by itself."""
    found = unresolved.keys(seen_by=asking.seen_by, limit=SHOWN + 1)
    rows = tuple(
        KeyRow(
            key.of, key.key, key.events, DayMark.of(key.last_day, today=asking.today), key.suggested,
            f"{key.suggested_name}: {key.why}" if key.suggested else "",
        )
        for key in found[:SHOWN]
    )  # fmt: skip
    return respond(request, TEMPLATE, IdentityPage(rows, _links(asking), len(found) > SHOWN), part="keys")


def _links(asking: Asking) -> tuple[LinkRow, ...]:
    return tuple(
        LinkRow("account", link.key, link.account, link.account_name, DayMark.of(link.at, today=asking.today))
        for link in unresolved.linked(seen_by=asking.seen_by)
    )


@require_POST
@signed_in
def link(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Let a key mean an account."""
    key = request.POST.get("key", "")
    account = accounts.meant(request.POST.get("account", "").strip(), seen_by=asking.seen_by)
    deed = deeds.link_person if request.POST.get("of") == "person" else deeds.link
    try:
        deed(key=key, account=account, by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        messages.error(request, speech.said(refusal), extra_tags="refused")
    else:
        tasks.nudge()
        messages.success(
            request,
            speech.told("%(key)s means %(account)s. Numbers follow.", key=key, account=account),
            extra_tags="done",
        )
    return HttpResponseRedirect(reverse("data-identity"))


@require_POST
@signed_in
def unlink(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Undo a link."""
    key = request.POST.get("key", "")
    try:
        deeds.unlink(key=key, by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        messages.error(request, speech.said(refusal), extra_tags="refused")
    else:
        tasks.nudge()
        messages.success(
            request, speech.told("%(key)s means what it meant before.", key=key), extra_tags="done"
        )
    return HttpResponseRedirect(reverse("data-identity"))
