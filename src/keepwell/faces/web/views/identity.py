"""Which raw keys mean no account yet, and the one that each may mean."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from keepwell.faces.components.marks import DayMark
from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.kernel.errors import Refused
from keepwell.ledger.actions import identity as deeds
from keepwell.ledger.queries import accounts, unresolved

SHOWN = 100


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
    """Keys that wait, and what was linked by hand."""

    rows: tuple[KeyRow, ...]
    links: tuple[LinkRow, ...]
    is_more: bool


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The page."""
    found = unresolved.keys(seen_by=asking.seen_by, limit=SHOWN + 1)
    rows = tuple(
        KeyRow(
            key.of, key.key, key.events, DayMark.of(key.last_day, today=asking.today), key.suggested,
            f"{key.suggested_name}: {key.why}" if key.suggested else "",
        )
        for key in found[:SHOWN]
    )  # fmt: skip
    links = tuple(
        LinkRow("account", link.key, link.account, link.account_name, DayMark.of(link.at, today=asking.today))
        for link in unresolved.linked(seen_by=asking.seen_by)
    )
    return respond(request, "web/identity.html", IdentityPage(rows, links, len(found) > SHOWN))


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
        messages.error(request, str(refusal), extra_tags="refused")
    else:
        tasks.nudge()
        messages.success(request, f"{key} means {account}. Numbers follow.", extra_tags="done")
    return HttpResponseRedirect(reverse("data-identity"))


@require_POST
@signed_in
def unlink(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Undo a link."""
    key = request.POST.get("key", "")
    try:
        deeds.unlink(key=key, by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        messages.error(request, str(refusal), extra_tags="refused")
    else:
        tasks.nudge()
        messages.success(request, f"{key} means what it meant before.", extra_tags="done")
    return HttpResponseRedirect(reverse("data-identity"))
