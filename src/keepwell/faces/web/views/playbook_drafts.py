"""The editor of a playbook's draft, as a form and as TOML: every press of a button keeps what is typed; only Save writes."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.editing import Editor, done
from keepwell.faces.web.pages import conditions as words_of
from keepwell.faces.web.pages import playbook_editor, playbook_forms
from keepwell.faces.web.pages import playbooks as pages
from keepwell.faces.web.pages.playbook_editor import FormPage, Known
from keepwell.faces.web.pages.playbook_forms import Typed
from keepwell.kernel import slugs, speech, tomls
from keepwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from keepwell.ledger.queries import accounts, definitions
from keepwell.metrics.conditions.vocabulary import Vocabulary
from keepwell.plays import declared
from keepwell.plays.actions import playbooks as deeds
from keepwell.plays.declared import Problem
from keepwell.plays.queries import messages, playbooks, previews
from keepwell.plays.queries.bulk_kinds import ATTRIBUTES, FIELD
from keepwell.plays.queries.previews import FilledText
from keepwell.segments.queries import phases, vocabulary
from keepwell.signals.queries import rules

TOML = "toml"
UNTITLED = speech.later("A playbook needs a title that people read.")
FORM = "web/playbook_form.html"
EDITOR = Editor(
    "web/playbook_edit.html",
    speech.later("Playbooks are written"),
    speech.later("The draft is saved. Nothing starts it until it is published."),
    words_of.plainly,
)


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Write a new playbook."""
    return _edited(request, asking, "")


@require_http_methods(["GET", "POST"])
@signed_in
def edit(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Write one otherwise, in its draft."""
    return _edited(request, asking, slug)


def _edited(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    EDITOR.may(asking)
    if request.method == "GET":
        return _begun(request, asking, slug)
    if "text" in request.POST:
        return _as_text(request, asking, slug)
    said = vocabulary.accounts()
    typed = playbook_forms.typed(request.POST)
    deed = request.POST.get("deed", "look")
    if deed == TOML:
        text = tomls.written(playbook_forms.stated(typed, said))
        return respond(request, EDITOR.template, _text_page(slug, typed.title, text))
    return _as_form(request, asking, slug, typed, deed, said)


def _begun(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    said = vocabulary.accounts()
    typed = playbook_forms.blank()
    if slug:
        title = playbooks.find(slug=slug, seen_by=asking.seen_by).title
        newest = playbooks.versions(slug=slug)[0].definition
        typed = playbook_forms.of(title, declared.read(newest, said, plain=False).written)
    if request.GET.get("as") == TOML:
        text = tomls.written(playbook_forms.stated(typed, said))
        return respond(request, EDITOR.template, _text_page(slug, typed.title, text))
    return respond(request, FORM, _form_page(asking, slug, typed, said))


def _as_form(
    request: HttpRequest, asking: Asking, slug: str, typed: Typed, deed: str, said: Vocabulary
) -> HttpResponse:
    typed = playbook_forms.acted(typed, deed, request.POST.get("new-kind", "task"))
    refused = ""
    if deed == "save":
        typed = replace(typed, checked=True)
        try:
            definition = playbook_forms.stated(typed, said)
            if not (wrong := _wrong(typed, definition, said)):
                name = _saved(asking, slug, typed.title, definition)
                return done(request, EDITOR.done, reverse("playbook", args=(name,)))
            typed = _looking_at(typed, wrong)
        except (Invalid, Conflict) as refusal:
            refused = words_of.plainly(str(refusal))
    status = 422 if deed == "save" else 200
    page = _form_page(asking, slug, typed, said, refused=refused)
    return respond(request, FORM, page, part="editor", status=status)


def _wrong(typed: Typed, definition: Mapping[str, Any], said: Vocabulary) -> tuple[Problem, ...]:
    """What keeps it from being saved."""
    untitled = Problem(None, "title", Invalid(UNTITLED))
    return (() if typed.title else (untitled,)) + declared.problems(definition, said)


def _looking_at(typed: Typed, wrong: tuple[Problem, ...]) -> Typed:
    """With a step open that has something wrong, if any has."""
    steps = [one.step for one in wrong if one.step is not None]
    return typed if not steps or typed.opened in steps else replace(typed, opened=steps[0])


def _form_page(asking: Asking, slug: str, typed: Typed, said: Vocabulary, *, refused: str = "") -> FormPage:
    definition = playbook_forms.stated(typed, said)
    wrong = _wrong(typed, definition, said)
    filled, unfilled = _preview(asking, typed)
    found: dict[str, Any] = {}
    if not wrong:
        told = declared.read(definition, said, plain=False)
        found = {"lines": pages.steps(told), "facts": pages.facts(told, told.written)}
    return playbook_editor.page(
        slug,
        typed,
        known=_known(said),
        problems=wrong,
        refused=refused,
        filled=filled,
        unfilled=unfilled,
        **found,
    )


def _known(said: Vocabulary) -> Known:
    """Four queries."""
    titles = phases.titles()
    fields = [(name, speech.said(title)) for name, title in ATTRIBUTES.items()]
    return Known(
        rules.titles(),
        [(slug, titles.get(slug, slug)) for slug in phases.declared()],
        [(one.slug, one.title, one.kind) for one in messages.channels()],
        [*fields, *((FIELD + one.slug, one.title) for one in definitions.of_noun("account"))],
        words_of.Editor.of(said),
    )


def _preview(asking: Asking, typed: Typed) -> tuple[Mapping[str, FilledText], str]:
    """The texts of the open step for the account that was named; or why not."""
    texts = playbook_editor.opened_texts(typed)
    if not typed.account or not any(texts.values()):
        return {}, ""
    try:
        account = accounts.meant(typed.account, seen_by=asking.seen_by)
        asked: dict[str, Any] = {"account": account, "seen_by": asking.seen_by, "at": asking.now}
        return previews.filled(texts, playbook=typed.title, **asked), ""
    except (Invalid, NotFound) as refusal:
        return {}, playbook_editor.plainly(refusal)


def _as_text(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    title, text = request.POST.get("title", "").strip(), request.POST.get("text", "").replace("\r\n", "\n")
    if request.POST.get("deed") == "form":
        try:
            told = declared.read(_read(text), plain=False).written
        except Refused as refusal:
            page = _text_page(slug, title, text, refused=words_of.plainly(str(refusal)))
            return respond(request, EDITOR.template, page, status=422)
        return respond(
            request, FORM, _form_page(asking, slug, playbook_forms.of(title, told), vocabulary.accounts())
        )
    return EDITOR.answer(
        request,
        page=lambda refused: _text_page(slug, title, text, refused=refused),
        save=lambda: reverse("playbook", args=(_saved(asking, slug, title, _read(text)),)),
    )


def _read(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(speech.told("This is no TOML: %(error)s.", error=error)) from None


def _text_page(slug: str, title: str, text: str, *, refused: str = "") -> pages.EditPage:
    try:
        said = declared.read(_read(text), plain=False)
    except Refused as refusal:
        return pages.edit(slug, title, text, refused=refused or words_of.plainly(str(refusal)))
    return pages.edit(slug, title, text, said=said, refused=refused)


def _saved(asking: Asking, slug: str, title: str, definition: Mapping[str, Any]) -> str:
    """The one deed that both faces end in."""
    if not title:
        raise Invalid(UNTITLED)
    name = slug or slugs.made_of(title)
    if not slug and any(one.slug == name for one in playbooks.everything(seen_by=asking.seen_by)):
        raise Conflict(
            speech.told(
                "There is a playbook named like “%(title)s” already. Choose another title.", title=title
            )
        )
    deeds.save(slug=name, title=title, definition=definition, by=asking.seen_by, at=asking.now)
    return name
