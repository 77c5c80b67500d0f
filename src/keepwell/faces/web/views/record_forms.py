"""One record by hand: made, changed, taken away, and brought back."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_http_methods, require_POST

from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import record_columns
from keepwell.faces.web.pages import record_forms as pages
from keepwell.faces.web.views.records import declared_kind
from keepwell.intake import objects
from keepwell.intake.actions import records as deeds
from keepwell.intake.kinds.base import ImportKind
from keepwell.intake.queries import customs, records
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.ledger.queries import accounts, people
from keepwell.ledger.queries.records import Record

SOURCE = "web"
REMOVED = "removed_records"
KEPT = 5
FIXED = ("accounts", "people")


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: HttpRequest, asking: Asking, kind: str) -> HttpResponse:
    """Make a row; with `account` in the address it is that account's."""
    declared = declared_kind(kind)
    asking.seen_by.require(declared.creating)
    home = request.GET.get("account", "")
    if request.method == "GET":
        typed = pages.typed_from(declared, {}) | {"account": home} | _defaults(declared, asking)
        return _form(request, asking, declared, typed, home=home)
    said, errors = _said(declared, request, home=home)
    try:
        if errors:
            raise Invalid("")
        made = deeds.create(kind=kind, said=said, source=SOURCE, by=asking.seen_by, at=asking.now)
    except (Invalid, Conflict) as refusal:
        typed = _typed(request)
        return _form(
            request, asking, declared, typed | ({"account": home} if home else {}), home=home,
            errors=errors, refused=str(refusal),
        )  # fmt: skip
    tasks.nudge()
    messages.success(request, f"{_name(declared, made)} is there.", extra_tags="done")
    return HttpResponseRedirect(_back(request, declared))


@require_http_methods(["GET", "POST"])
@signed_in
def detail(request: HttpRequest, asking: Asking, kind: str, key: str) -> HttpResponse:
    """One row, and what may be changed of it."""
    declared = declared_kind(kind)
    stored = records.find(kind=kind, key=key, seen_by=asking.seen_by)
    if request.method == "GET":
        return _form(request, asking, declared, pages.typed_from(declared, stored.values), stored=stored)
    said, errors = _said(declared, request, home="")
    try:
        if errors:
            raise Invalid("")
        changed = deeds.update(kind=kind, key=key, said=said, source=SOURCE, by=asking.seen_by, at=asking.now)
    except Invalid as refusal:
        typed = _typed(request)
        return _form(request, asking, declared, typed, stored=stored, errors=errors, refused=str(refusal))
    tasks.nudge()
    messages.success(request, f"{_name(declared, changed)} is saved.", extra_tags="done")
    return HttpResponseRedirect(_back(request, declared))


@require_POST
@signed_in
def removal(request: HttpRequest, asking: Asking, kind: str, key: str) -> HttpResponse:
    """Take a row away; the answer offers to bring it back."""
    declared = declared_kind(kind)
    stored = records.find(kind=kind, key=key, seen_by=asking.seen_by)
    deeds.remove(kind=kind, key=key, by=asking.seen_by, at=asking.now)
    tasks.nudge()
    told = {name: objects.shown(value) for name, value in stored.values.items() if value is not None}
    undo = uuid4().hex
    kept = dict(list(request.session.get(REMOVED, {}).items())[1 - KEPT :])
    request.session[REMOVED] = kept | {undo: [kind, told | {objects.CUSTOM: dict(stored.fields)}]}
    messages.success(request, f"{_name(declared, stored)} is gone.", extra_tags=f"undo-{undo}")
    return HttpResponseRedirect(_back(request, declared))


@require_POST
@signed_in
def restoration(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Bring a row back that this person has just taken away."""
    undo = request.POST.get("removed", "").removeprefix("undo-")
    kept = request.session.get(REMOVED, {})
    if undo not in kept:
        raise NotFound("What was taken away can no longer be brought back here. Enter it again.")
    kind, said = kept.pop(undo)
    request.session[REMOVED] = kept
    declared = declared_kind(kind)
    made = deeds.create(kind=kind, said=said, source=SOURCE, by=asking.seen_by, at=asking.now)
    tasks.nudge()
    messages.success(request, f"{_name(declared, made)} is back.", extra_tags="done")
    return HttpResponseRedirect(reverse("record", args=(kind, made.key)))


def _defaults(kind: ImportKind, asking: Asking) -> dict[str, str]:
    """What a new row most likely says: that it happens now."""
    slugs = {field.slug for field in kind.fields if field.form == "moment" and field.required}
    return dict.fromkeys(slugs, asking.now.strftime("%Y-%m-%dT%H:%M"))


def _said(kind: ImportKind, request: HttpRequest, *, home: str) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed, field by field; and what is wrong with each."""
    said: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in kind.fields:
        if field.slug not in request.POST and not (home and field.slug == "account"):
            continue
        told = ", ".join(filter(None, request.POST.getlist(field.slug)))
        if home and field.slug == "account":
            told = home
        said[field.slug] = told
        if field.slug == "key" and not told.strip():
            continue
        try:
            objects.told(kind, {field.slug: told})
        except Invalid as refusal:
            fault = str(refusal).removeprefix(f"{field.slug} ")
            errors[field.slug] = "This is needed." if not told.strip() else fault
    custom = {
        name.removeprefix(pages.CUSTOM): value
        for name, value in request.POST.items()
        if name.startswith(pages.CUSTOM) and isinstance(value, str)
    }
    if name := request.POST.get("custom_name", "").strip():
        custom[name] = request.POST.get("custom_value", "")
    return said | ({objects.CUSTOM: custom} if custom else {}), errors


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: ", ".join(filter(None, request.POST.getlist(name))) for name in request.POST}


def _form(
    request: HttpRequest,
    asking: Asking,
    kind: ImportKind,
    typed: Mapping[str, str],
    *,
    home: str = "",
    stored: Record | None = None,
    errors: Mapping[str, str] | None = None,
    refused: str = "",
) -> HttpResponse:
    account = home or (stored.account if stored else "")
    is_fixed = bool(account) and kind.slug not in FIXED
    found = accounts.find(key=account, seen_by=asking.seen_by) if account and kind.of_accounts else None
    known = people.of_account(account_id=found.id, seen_by=asking.seen_by) if found else ()
    back = _back(request, kind)
    wrong = dict(errors or {})
    theirs = tuple((person.key, person.name) for person in known)
    fixed = ("account",) if is_fixed else ()
    declared = customs.of_kind(kind)
    asked = pages.inputs(kind, typed, errors=wrong, fixed=fixed, people=theirs)
    page = pages.FormPage(
        title=_name(kind, stored) if stored else f"New {kind.singular}",
        kind=kind.slug,
        kind_title=kind.title,
        singular=kind.singular,
        help=kind.help,
        key=stored.key if stored else "",
        account=account if is_fixed else "",
        account_name=(found.name or found.key) if found and is_fixed else "",
        back=back,
        back_title=(found.name or found.key) if found and "/accounts/" in back else kind.title,
        refused=refused or ("Some of it cannot be taken; nothing was saved." if wrong else ""),
        inputs=tuple(one for one in asked if one.name != "key"),
        own_key=next((one for one in asked if one.name == "key"), None) if stored is None else None,
        custom=pages.customs(declared, stored.fields if stored else {}, typed),
        people=theirs,
        may_write=asking.seen_by.may("work.do"),
    )
    return respond(request, "web/record_form.html", page, status=422 if page.refused else 200)


def _name(kind: ImportKind, record: Record) -> str:
    told = record.values.get(record_columns.lead(kind))
    singular = kind.singular[:1].upper() + kind.singular[1:]
    return f"{singular} “{str(told or record.key)[:60]}”"


def _back(request: HttpRequest, kind: ImportKind) -> str:
    """Where the person came from, if that is one of our pages; else the list of the kind."""
    back = request.POST.get("back") or request.GET.get("back", "")
    if back and url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        return back
    home = request.GET.get("account", "")
    told = f"?{urlencode({'account': home})}" if home else ""
    return reverse("records", args=(kind.slug,)) + told
