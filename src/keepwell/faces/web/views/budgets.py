"""The alert budget: what each rule's alarms were worth, and which rules should rest."""

import csv

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import safe
from keepwell.faces.web.pages import budgets as pages
from keepwell.kernel import speech
from keepwell.plays.queries import budgets

FIGURES = (
    "alarms", "accounts", "settled", "right", "by_chance", "told", "answered", "acted", "not_useful", "renewed",
    "renewed_arr", "currency", "a_week_per_csm",
)  # fmt: skip


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """All rules, those that should rest first."""
    page = pages.page(
        budgets.everything(seen_by=asking.seen_by),
        now=asking.now,
        may_change=asking.seen_by.may("config.change"),
        sees_everything=asking.seen_by.everything,
    )
    return respond(request, "web/alert_budget.html", page)


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The same as CSV."""
    del request
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="alert-budget-{asking.today}.csv"'
    writer = csv.writer(response)
    writer.writerow(
        ("rule", "title", "severity", "foretells", "owner", *FIGURES, "share", "low", "high", "retire")
    )
    for row in budgets.everything(seen_by=asking.seen_by):
        found = row.figures or {}
        precision = found.get("precision") or {}
        writer.writerow(
            (
                row.slug, safe(row.title), row.severity, row.foretells, row.owner,
                *(_cell(found.get(name)) for name in FIGURES),
                *(_cell(precision.get(name)) for name in ("share", "low", "high")),
                " ".join(found.get("retire", ())),
            )
        )  # fmt: skip
    return response


def _cell(value: object) -> object:
    return "" if value is None else value


@require_POST
@signed_in
def count(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Count it now."""
    asking.seen_by.require("config.change")
    tasks.count_budgets()
    messages.success(request, speech.told("It is being counted. Look again in a minute."), extra_tags="done")
    return HttpResponseRedirect(reverse("alert-budget"))
