"""One record by hand: made, changed, taken away, and brought back."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST

from keepwell.access.scopes import Scope
from keepwell.faces.jobs import tasks
from keepwell.faces.web import taken_away, written
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import record_columns
from keepwell.faces.web.pages import record_forms as pages
from keepwell.faces.web.pages.record_cells import Cell
from keepwell.faces.web.views.records import declared_kind
from keepwell.intake import objects
from keepwell.intake.actions import records as deeds
from keepwell.intake.kinds.base import ImportKind
from keepwell.intake.queries import customs, naming, records
from keepwell.kernel import speech
from keepwell.kernel.errors import Conflict, Invalid
from keepwell.ledger.actions import belonging
from keepwell.ledger.queries import accounts, people
from keepwell.ledger.queries.records import Record

SOURCE = "web"
PLACE = "place"
# What nobody would know again without a name.
NAMED = ("accounts", "people")


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
    said, errors = _said(declared, request, asking, home=home)
    if kind in NAMED and not str(said.get("key") or "").strip():
        name = str(said.get("name") or "").strip()
        said["key"] = _key_like(name)
        errors |= {} if name else {"name": speech.told("This is needed.")}
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
    _follow(request, asking)
    messages.success(
        request, speech.told("%(name)s is there.", name=_name(declared, made)), extra_tags="done"
    )
    if kind == "accounts":
        return HttpResponseRedirect(reverse("account", args=(made.key,)))
    return HttpResponseRedirect(_back(request, declared))


@require_http_methods(["GET", "POST"])
@signed_in
def detail(request: HttpRequest, asking: Asking, kind: str, key: str) -> HttpResponse:
    """One row, and what may be changed of it."""
    declared = declared_kind(kind)
    home = request.GET.get("account", "") if kind == "people" else ""
    stored = records.find(kind=kind, key=key, seen_by=asking.seen_by, account=home)
    if request.method == "GET":
        return _form(request, asking, declared, pages.typed_from(declared, stored.values), stored=stored)
    said, errors = _said(declared, request, asking)
    try:
        if errors:
            raise Invalid("")
        changed = deeds.update(
            kind=kind, key=key, said=said, source=SOURCE, by=asking.seen_by, at=asking.now, account=home
        )
    except Invalid as refusal:
        typed = _typed(request)
        return _form(request, asking, declared, typed, stored=stored, errors=errors, refused=str(refusal))
    _follow(request, asking)
    messages.success(
        request, speech.told("%(name)s is saved.", name=_name(declared, changed)), extra_tags="done"
    )
    return HttpResponseRedirect(_back(request, declared))


@require_POST
@signed_in
def removal(request: HttpRequest, asking: Asking, kind: str, key: str) -> HttpResponse:
    """Take a row away; the answer offers to bring it back."""
    declared = declared_kind(kind)
    found = records.everywhere(kind=kind, key=key, seen_by=asking.seen_by)
    deeds.remove(kind=kind, key=key, by=asking.seen_by, at=asking.now)
    _follow(request, asking)
    taken_away.keep(
        request,
        kind,
        [_kept(row) for row in found],
        told=speech.told("%(name)s is gone.", name=_name(declared, found[0])),
    )
    return HttpResponseRedirect(_back(request, declared))


@require_POST
@signed_in
def taking_off(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """A person is taken off one account; the answer offers to put them back."""
    account = request.GET.get("account", "")
    may = asking.seen_by
    stored = records.find(kind="people", key=key, seen_by=may, account=account)
    kept = belonging.take_off(person=key, account=account, by=may, at=asking.now)
    _follow(request, asking)
    told = speech.told(
        "%(name)s no longer belongs to %(account_name)s.",
        name=_name(declared_kind("people"), stored),
        account_name=stored.account_name or account,
    )
    taken_away.keep(request, PLACE, kept, told=told)
    return HttpResponseRedirect(reverse("account-people", args=(account,)))


def restored(what: str, rows: list[dict[str, Any]], asking: Asking) -> tuple[str, str]:
    """Bring a row back, a person in every account; gives what to say and where it stands."""
    declared = declared_kind(what)
    for said in rows:
        made = deeds.create(kind=what, said=said, source=SOURCE, by=asking.seen_by, at=asking.now)
    return speech.told("%(name)s is back.", name=_name(declared, made)), reverse(
        "record", args=(what, made.key)
    )


def put_back(kept: dict[str, Any], asking: Asking) -> tuple[str, str]:
    """Put a person back into the account that they were taken off."""
    belonging.put_back(kept=kept, by=asking.seen_by, at=asking.now)
    return speech.told("They belong to the account again."), reverse(
        "account-people", args=(kept["account"],)
    )


def _kept(row: Record) -> dict[str, Any]:
    told = {name: objects.shown(value) for name, value in row.values.items() if value is not None}
    return told | {objects.CUSTOM: dict(row.fields)}


def _key_like(name: str) -> str:
    """A key that one can read, of an account or a person that came without: "hazel-ltd-3f9a"."""
    return "-".join(filter(None, (slugify(name)[:60], uuid4().hex[:4])))


def _follow(request: HttpRequest, asking: Asking) -> None:
    """Numbers follow what was written, and so do pages of what happened."""
    written.note(request, asking.now)
    tasks.nudge()


def _defaults(kind: ImportKind, asking: Asking) -> dict[str, str]:
    """What a new row most likely says: that it happens now."""
    slugs = {field.slug for field in kind.fields if field.form == "moment" and field.required}
    return dict.fromkeys(slugs, asking.now.strftime("%Y-%m-%dT%H:%M"))


def _said(
    kind: ImportKind, request: HttpRequest, asking: Asking, *, home: str = ""
) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed, field by field; and what is wrong with each."""
    said: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in kind.fields:
        if field.slug not in request.POST and not (home and field.slug == "account"):
            continue
        told = ", ".join(filter(None, request.POST.getlist(field.slug)))
        if field.form == "account":
            told = home or accounts.meant(told.strip(), seen_by=asking.seen_by)
        said[field.slug] = told
        if field.slug == "key" and not told.strip():
            continue
        try:
            objects.told(kind, {field.slug: told})
        except Invalid as refusal:
            fault = speech.said(refusal).removeprefix(f"{field.slug} ")
            errors[field.slug] = speech.told("This is needed.") if not told.strip() else fault
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
    may = asking.seen_by
    account = home or (stored.account if stored else "")
    found = accounts.find(key=account, seen_by=may) if account and kind.of_accounts else None
    known = people.of_account(account_id=found.id, seen_by=may) if found else ()
    back = _back(request, kind)
    wrong = dict(errors or {})
    theirs = tuple((person.key, person.name) for person in known if person.status != "left")
    offered = naming.offered(kind, account=account, people=theirs, seen_by=may)
    asked = pages.inputs(kind, typed, errors=wrong, fixed=_fixed(kind, account, may), offered=offered)
    of_account = found is not None and kind.slug != "accounts"
    page = pages.FormPage(
        title=_name(kind, stored) if stored else speech.told("New %(singular)s", singular=kind.singular),
        kind=kind.slug,
        singular=kind.singular,
        help=kind.help,
        key=stored.key if stored else "",
        account=account if of_account else "",
        account_name=(found.name or found.key) if found and of_account else "",
        back=back,
        back_title=(found.name or found.key) if found and "/accounts/" in back else kind.title,
        refused=refused or (speech.told("Some of it cannot be taken; nothing was saved.") if wrong else ""),
        inputs=tuple(one for one in asked if one.name != "key"),
        own_key=next((one for one in asked if one.name == "key"), None) if stored is None else None,
        custom=pages.customs(customs.of_kind(kind), stored.fields if stored else {}, typed),
        facts=_facts(kind, stored, asking, offered) if stored and not may.may("work.do") else (),
        may_write=may.may("work.do"),
        may_remove=may.may(kind.creating),
        take_off=reverse("person-taking-off", args=(stored.key,)) + f"?{urlencode({'account': account})}"
        if stored and found and kind.slug == "people"
        else "",
    )
    return respond(request, "web/record_form.html", page, status=422 if page.refused else 200)


def _fixed(kind: ImportKind, account: str, may: Scope) -> tuple[str, ...]:
    """What is not asked: whose row it is, once that is known; the owner, of those who may not hand accounts over."""
    if kind.slug == "accounts":
        return () if may.may("accounts.assign") else ("owner",)
    return ("account",) if account else ()


def _facts(
    kind: ImportKind, stored: Record, asking: Asking, offered: Mapping[str, Sequence[tuple[str, str]]]
) -> tuple[Cell, ...]:
    """A row for somebody who may only read it."""
    known = {(of, key): name for of, choices in offered.items() for key, name in choices}
    names = naming.called([stored], fields=kind.fields, seen_by=asking.seen_by, known=known)
    return pages.facts(kind, stored, names=names, today=asking.today)


def _name(kind: ImportKind, record: Record) -> str:
    told = str(record.values.get(record_columns.lead(kind)) or record.key)
    singular = kind.singular[:1].upper() + kind.singular[1:]
    return singular if record_columns.is_made(told) else f"{singular} “{told[:60]}”"


def _back(request: HttpRequest, kind: ImportKind) -> str:
    """Where the person came from, if that is one of our pages; else the list of the kind."""
    back = request.POST.get("back") or request.GET.get("back", "")
    if back and url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        return back
    home = request.GET.get("account", "")
    told = f"?{urlencode({'account': home})}" if home else ""
    return reverse("records", args=(kind.slug,)) + told
