"""The editor of a value model."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import value_model as pages
from keepwell.faces.web.views.account_plan import number
from keepwell.kernel import speech
from keepwell.kernel.errors import Conflict, Invalid
from keepwell.metrics.queries import catalogue
from keepwell.outcomes import value_document, visibility
from keepwell.outcomes.actions import value_models
from keepwell.outcomes.queries import value, value_templates
from keepwell.outcomes.queries.value import ValueView
from keepwell.outcomes.value_document import MOST_INPUTS, ValueModelDoc

TEMPLATE = "web/value_model.html"
NUMBERS = ("low", "likely", "high", "baseline_low", "baseline_likely", "baseline_high")
TEXTS = ("title", "slug", "source", "metric", "over", "unit", "currency", "change", "agreed_by", "evidence")


@require_http_methods(["GET", "POST"])
@signed_in
def edit(request: HttpRequest, asking: Asking, key: str, slug: str) -> HttpResponse:
    """How the value of an outcome is counted, and who may see which part of that; Save writes it, Drop counts it no more."""
    asking.seen_by.require("work.do")
    found = value.find(account=key, seen_by=asking.seen_by, day=asking.day)
    before = None if slug == "new" else found.model(slug).doc
    if request.method == "GET":
        typed = pages.typed_of(before) if before else _begun(request)
        return respond(request, TEMPLATE, _page(found, slug, typed))
    typed = {name: str(said) for name, said in request.POST.items()}
    about: dict[str, Any] = {"account": key, "by": asking.seen_by, "at": asking.now}
    try:
        if typed.get("deed") == "drop" and before is not None:
            value_models.drop(model=slug, **about)
            said = speech.told("The value model counts no more. What was confirmed stays.")
        else:
            value_models.save(doc=written(typed, before), fresh=before is None, **about)
            said = speech.told("The value model is written.")
    except (Invalid, Conflict) as refusal:
        return respond(request, TEMPLATE, _page(found, slug, typed, refused=str(refusal)), status=422)
    tasks.nudge()
    messages.success(request, said, extra_tags="done")
    return HttpResponseRedirect(reverse("account-value", args=(key,)))


def _begun(request: HttpRequest) -> dict[str, str]:
    said = {name: request.GET.get(name, "").replace("\x00", "")[:63] for name in ("objective", "template")}
    begun = pages.typed_of(value_templates.find(said["template"])) if said["template"] else {}
    return begun | {"objective": said["objective"]}


def _page(found: ValueView, slug: str, typed: Mapping[str, str], refused: str = "") -> pages.ModelPage:
    choices = pages.Choices(
        objectives=found.objectives,
        metrics=[(one.slug, str(one.title)) for one in catalogue.answering()],
        templates=value_templates.everything() if slug == "new" else (),
    )
    return pages.page(
        key=found.account_key, name=found.account_name, slug=slug, typed=typed, choices=choices, refused=refused
    )  # fmt: skip


def written(typed: Mapping[str, str], before: ValueModelDoc | None) -> ValueModelDoc:
    """The model as it was typed; an input without a title is none."""
    inputs = [
        _input(typed, f"in{place}-") for place in range(MOST_INPUTS) if _said(typed, f"in{place}-title")
    ]
    head = {name: _said(typed, name) for name in ("title", "kind", "objective", "basis", "unit", "notes")}
    labels = _labels(typed, "", "value_model")
    slug = before.slug if before else ""
    return value_document.read({**head, "slug": slug, "labels": labels, "inputs": inputs})


def _input(typed: Mapping[str, str], at: str) -> dict[str, Any]:
    told: dict[str, Any] = {name: _said(typed, at + name) for name in TEXTS}
    told |= {name: number(typed.get(at + name, "")) for name in NUMBERS}
    told["currency"] = told["currency"].upper()
    told["source"] = told["source"] or "agreed"
    told["over"] = told["over"] or "mean"
    told["agreed_on"] = _said(typed, at + "agreed_on") or None
    if told["source"] != "metric":
        told["metric"] = ""
    return {**told, "labels": _labels(typed, at, "value_input")}


def _labels(typed: Mapping[str, str], at: str, noun: str) -> dict[str, str]:
    return {
        field.slug: typed.get(f"{at}label-{field.slug}") or field.label for field in visibility.fields(noun)
    }


def _said(typed: Mapping[str, str], name: str) -> str:
    return typed.get(name, "").strip()
