"""The Files tab: files and links of an account; added, opened as attachments, removed and brought back."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.faces.downloads import attachment
from keepwell.faces.jobs import tasks
from keepwell.faces.web import taken_away, written
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import account_files as pages
from keepwell.faces.web.views.one_account import OneAccount
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.ledger.actions import files as deeds
from keepwell.ledger.queries import accounts, files

FILE = "file"


@require_http_methods(["GET", "POST"])
@signed_in
def overview(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """The files; with POST one more of them, or a link."""
    if request.method == "GET":
        return _shown(request, asking, key)
    try:
        _add(request, asking, key)
    except Invalid as refusal:
        return _shown(request, asking, key, refused=str(refusal))
    _follow(request, asking)
    messages.success(request, speech.told("It is among the files."), extra_tags="done")
    return HttpResponseRedirect(reverse("account-files", args=(key,)))


def _shown(request: HttpRequest, asking: Asking, key: str, *, refused: str = "") -> HttpResponse:
    found = OneAccount(request, asking, key, "account-files")
    moment = found.as_of
    until = moment.at if moment.is_past else None
    listed = files.of_account(account_id=found.id, seen_by=asking.seen_by, until=until)
    page = pages.FilesTab(
        head=found.head,
        files=tuple(pages.row(one, account=key, today=moment.day) for one in listed),
        here=reverse("account-files", args=(key,)),
        most=pages.MOST,
        refused=refused,
    )
    return respond(request, "web/account_files.html", page, status=422 if refused else 200)


def _add(request: HttpRequest, asking: Asking, key: str) -> None:
    said: dict[str, Any] = {
        "account": key,
        "visibility": request.POST.get("visibility", "internal"),
        "by": asking.seen_by,
        "at": asking.now,
    }
    file, href = request.FILES.get("file"), request.POST.get("link", "").strip()
    if file is not None:
        deeds.add(name=file.name or "file", chunks=file.chunks(), **said)
    elif href:
        deeds.link(name=request.POST.get("name", ""), href=href, **said)
    else:
        raise Invalid("Choose a file, or say where it is. Nothing was stored.")


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, key: str, file: str) -> FileResponse:
    """The bytes of a file, as an attachment that no browser runs."""
    account = accounts.find(key=key, seen_by=asking.seen_by)
    found, path = files.find(key=file, account_id=account.id, seen_by=asking.seen_by)
    return attachment(found, path)


@require_POST
@signed_in
def removal(request: HttpRequest, asking: Asking, key: str, file: str) -> HttpResponse:
    """Take a file away; the answer offers to bring it back."""
    account = accounts.find(key=key, seen_by=asking.seen_by)
    found, _ = files.find(key=file, account_id=account.id, seen_by=asking.seen_by)
    deeds.remove(key=file, by=asking.seen_by, at=asking.now)
    _follow(request, asking)
    kept = {"account": key, "file": file, "name": found.name}
    taken_away.keep(request, FILE, kept, told=speech.told("%(name)s is gone.", name=found.name))
    return HttpResponseRedirect(reverse("account-files", args=(key,)))


def brought_back(kept: dict[str, Any], asking: Asking) -> tuple[str, str]:
    """Undo a removal."""
    deeds.restore(key=kept["file"], by=asking.seen_by, at=asking.now)
    return speech.told("%(name)s is back.", name=kept["name"]), reverse(
        "account-files", args=(kept["account"],)
    )


def _follow(request: HttpRequest, asking: Asking) -> None:
    written.note(request, asking.now)
    tasks.nudge()
