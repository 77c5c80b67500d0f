"""One thing done to many accounts: selected in the list, looked at before it is done, followed, and taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.access.queries import users
from keepwell.faces.components import words
from keepwell.faces.jobs import tasks
from keepwell.faces.web import back as returning
from keepwell.faces.web import taken_away
from keepwell.faces.web.asking import Asking, respond, signed_in, watched
from keepwell.faces.web.pages import bulk as pages
from keepwell.faces.web.views.accounts import Asked
from keepwell.health.queries import book
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.ledger.queries import accounts, definitions
from keepwell.plays.actions import bulk as deeds
from keepwell.plays.queries import bulk, playbooks
from keepwell.segments.queries import phases

DONE = "bulk"
COLLEAGUES = 500


@require_POST
@signed_in
def selection(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Note what is selected, or all that the list shows, and go on to what is done to it."""
    form = request.POST
    if form.get("all"):
        asked = Asked.of(QueryDict(form.get("state", "").removeprefix("?")).dict(), asking)
        ids = book.ids(seen_by=asking.seen_by, asked=asked.question, said=asked.said)
    else:
        found = accounts.ids_by_key(form.getlist("key"), seen_by=asking.seen_by)
        ids = list(found.values())
    made = deeds.draft(account_ids=ids, by=asking.seen_by, at=asking.now, rule=form.get("rule", ""))
    listed = reverse("accounts") + form.get("state", "")
    request.session[f"bulk-{made}"] = returning.to(request, otherwise=listed)
    return HttpResponseRedirect(f"{reverse('bulk', args=(made,))}?kind={form.get('kind', '')}")


@require_http_methods(["GET", "POST"])
@signed_in
def detail(request: HttpRequest, asking: Asking, deed_id: int) -> HttpResponse:
    """The deed: what is said of it and what it would change; later how far it is, and the way back."""
    view = bulk.find(deed_id=deed_id, seen_by=asking.seen_by)
    back = request.session.get(f"bulk-{deed_id}") or reverse("accounts")
    if view.state != "draft":
        page = pages.running(view, back=back)
        return watched(request, "web/bulk.html", page, moving=page.is_moving)
    said = (request.POST if request.method == "POST" else request.GET).dict()
    kind = said.get("kind") or "assign"
    try:
        preview = None
        if request.method == "POST":
            preview = bulk.preview(
                deed_id=deed_id, kind=kind, said=said, seen_by=asking.seen_by, at=asking.now
            )
            if said.get("deed") == "do":
                return _done(request, asking, deed_id, kind, said, back)
        refused = ""
    except Invalid as refusal:
        preview, refused = None, str(refusal)
    page = pages.draft(view, kind, said, preview, refused, _offered(asking), back=back, today=asking.today)
    return respond(request, "web/bulk.html", page, part="draft", status=422 if refused else 200)


def _done(
    request: HttpRequest, asking: Asking, deed_id: int, kind: str, said: dict[str, str], back: str
) -> HttpResponse:
    waits = deeds.start(deed_id=deed_id, kind=kind, said=said, by=asking.seen_by, at=asking.now)
    if waits:
        tasks.do_to_many(deed_id)
        return HttpResponseRedirect(reverse("bulk", args=(deed_id,)))
    tasks.nudge()
    view = bulk.find(deed_id=deed_id, seen_by=asking.seen_by)
    told = speech.told(
        "%(words)s: %(accounts)s changed.", words=view.words, accounts=words.count(view.changed, "account")
    )
    taken_away.keep(request, DONE, deed_id, told=told)
    return HttpResponseRedirect(reverse("bulk", args=(deed_id,)) if view.refused else back)


@require_GET
@signed_in
def progress(request: HttpRequest, asking: Asking, deed_id: int) -> HttpResponse:
    """How far it is."""
    view = bulk.find(deed_id=deed_id, seen_by=asking.seen_by)
    page = pages.running(view, back=reverse("accounts"))
    return watched(request, "web/bulk.html", page, moving=page.is_moving)


@require_POST
@signed_in
def undo(request: HttpRequest, asking: Asking, deed_id: int) -> HttpResponse:
    """Take it back from its own page."""
    told, _ = undone(deed_id, asking)
    tasks.nudge()
    messages.success(request, told, extra_tags="done")
    return HttpResponseRedirect(reverse("bulk", args=(deed_id,)))


def undone(said: Any, asking: Asking) -> tuple[str, str]:
    """Take a deed back; what to tell, and where to go."""
    back, moved_on = deeds.undo(deed_id=int(said), by=asking.seen_by, at=asking.now)
    left = (
        speech.told(" %(accounts)s changed since and stayed so.", accounts=words.count(moved_on, "account"))
        if moved_on
        else ""
    )
    return speech.told(
        "Taken back for %(accounts)s.%(left)s", accounts=words.count(back, "account"), left=left
    ), reverse("accounts")


def _offered(asking: Asking) -> pages.Offered:
    return pages.Offered(
        users.colleagues(limit=COLLEAGUES),
        tuple((one.slug, one.title) for one in definitions.of_noun("account")),
        tuple(phases.titles().items()),
        playbooks.startable(),
        asking.seen_by.capabilities,
    )
