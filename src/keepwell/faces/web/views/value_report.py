"""The value report of an account: as the customer reads it, redacted for somebody else, and both as PDF."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from keepwell.drafting import value_report, value_sheet
from keepwell.drafting.value_sheet import ValueSheet
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import value_report as pages
from keepwell.outcomes.queries import plans, shared_value, value


def _sheet(asking: Asking, key: str, copy: str) -> ValueSheet:
    """What may leave the house: made of shared value alone."""
    plan = plans.find(account=key, seen_by=asking.seen_by, day=asking.day)
    found = value.find(account=key, seen_by=asking.seen_by, day=asking.day)
    seen = shared_value.of(found, plan)
    if copy != "redacted":
        return value_sheet.sheet(seen)
    return value_sheet.redacted(seen, redactor=shared_value.redactor(found, plan), industry=plan.industry)


@require_GET
@signed_in
def preview(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """The report as a page."""
    copy = _copy(request)
    return respond(request, "web/value_report.html", pages.page(key, _sheet(asking, key, copy), copy=copy))


@require_GET
@signed_in
def paper(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """The same as a PDF."""
    copy = _copy(request)
    made = value_report.pdf(_sheet(asking, key, copy), at=asking.now)
    response = HttpResponse(made, content_type="application/pdf")
    name = "value-redacted" if copy == "redacted" else f"value-{key}"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _copy(request: HttpRequest) -> str:
    return "redacted" if request.GET.get("copy") == "redacted" else ""
