"""The business case for the renewal of an account: as its customer reads it, and as PDF."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from keepwell.drafting import case_report, case_sheet
from keepwell.drafting.case_sheet import CaseUse
from keepwell.faces.web.asking import READ, Asking, respond, signed_in
from keepwell.faces.web.downloads import filed
from keepwell.faces.web.pages import business_case as pages
from keepwell.outcomes.queries import shared_case


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """The case as a page; its use is read from the lake once the page is there."""
    case = shared_case.find(account=key, seen_by=asking.seen_by, day=asking.day)
    use = _use(asking, key) if READ in request.GET else None
    return respond(
        request, "web/business_case.html", pages.page(key, case_sheet.sheet(case), use), part="use"
    )


@require_GET
@signed_in
def paper(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """The same as a PDF."""
    del request
    case = shared_case.find(account=key, seen_by=asking.seen_by, day=asking.day)
    made = case_report.pdf(case_sheet.sheet(case), _use(asking, key), at=asking.now)
    return filed(f"{key}-business-case-{asking.day}.pdf", made, "application/pdf")


def _use(asking: Asking, key: str) -> CaseUse:
    return case_sheet.use(shared_case.use(account=key, seen_by=asking.seen_by, day=asking.day))
