"""Custom fields in Settings: declared with a look at what is stored, and retired."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import custom_fields as pages
from keepwell.intake.queries import customs
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.ledger.actions import definitions as deeds


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking) -> HttpResponse:
    """What is declared, and a form for one more."""
    return respond(request, "web/custom_fields.html", _page(asking, pages.Typed()))


@require_POST
@signed_in
def declare(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Look how a declaration would fit, or make it."""
    given = request.POST
    typed = pages.Typed(
        kind=given.get("kind", ""),
        slug=given.get("slug", "").strip(),
        title=given.get("title", "").strip(),
        type=given.get("type", "text"),
        choices=given.get("choices", ""),
        required=given.get("required") == "1",
        help=given.get("help", "").strip(),
    )
    try:
        if given.get("deed") != "declare":
            fit = customs.preview(kind=typed.kind, slug=typed.slug, type=typed.type, choices=typed.words)
            return respond(
                request, "web/custom_fields.html", _page(asking, replace(typed, fit=pages.said(fit)))
            )
        deeds.define(
            noun=customs.noun_of(typed.kind),
            slug=typed.slug,
            title=typed.title,
            kind=typed.type,
            choices=typed.words,
            required=typed.required,
            help=typed.help,
            by=asking.seen_by,
            at=asking.now,
        )
    except Invalid as refusal:
        page = _page(asking, typed, refused=str(refusal))
        return respond(request, "web/custom_fields.html", page, status=422)
    messages.success(
        request, speech.told("“%(title)s” is declared.", title=typed.title or typed.slug), extra_tags="done"
    )
    return HttpResponseRedirect(reverse("settings-fields"))


@require_POST
@signed_in
def retire(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Stop holding rows to a field."""
    kind, slug = request.POST.get("kind", ""), request.POST.get("slug", "")
    deeds.retire(noun=customs.noun_of(kind), slug=slug, by=asking.seen_by, at=asking.now)
    messages.success(
        request,
        speech.told("“%(slug)s” is retired. What rows say in it stays.", slug=slug),
        extra_tags="done",
    )
    return HttpResponseRedirect(reverse("settings-fields"))


def _page(asking: Asking, typed: pages.Typed, *, refused: str = "") -> pages.FieldsPage:
    may = asking.seen_by.may("config.change")
    return pages.page(customs.everything(), typed=typed, may_change=may, refused=refused)
