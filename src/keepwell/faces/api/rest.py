"""The REST API: one call into a query or an action for each address."""

import json

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from keepwell import __version__
from keepwell.faces.api import (
    accounts,
    advocacy,
    alarms,
    amendments,
    cadence,
    calendar,
    case_studies,
    custom_fields,
    decisions,
    decks,
    files,
    findings,
    gaps,
    hand_overs,
    imports,
    incidents,
    journey_declarations,
    journeys,
    library,
    messages,
    metrics,
    movements,
    office_hours,
    organisation,
    overrides,
    phases,
    plan_progress,
    plans,
    playbooks,
    portfolio,
    privacy,
    proofs,
    quality,
    rates,
    records,
    rejections,
    review_meetings,
    reviews,
    rules,
    runs,
    scorecards,
    scores,
    search,
    segments,
    stakeholders,
    standings,
    tasks,
    time,
    today,
    triage,
    value,
    value_books,
    value_cases,
    views,
)
from keepwell.faces.api.auth import Bearer
from keepwell.faces.api.status import status_of
from keepwell.kernel import errors

api = NinjaAPI(
    title="Keepwell",
    version=__version__,
    description="Facts, scores and incidents of the accounts that the token's owner may see.",
    auth=Bearer(),
    urls_namespace="rest",
    docs_url=None,
)
api.add_router("/scores", scores.router, tags=["scores"])
api.add_router("", decisions.router, tags=["settings"])
api.add_router("/search", search.router, tags=["search"])
api.add_router("/segments", segments.router, tags=["segments"])
api.add_router("/portfolio", portfolio.router, tags=["portfolio"])
api.add_router("/metrics", metrics.router, tags=["metrics"])
api.add_router("/rates", rates.router, tags=["rates"])
api.add_router("", organisation.router, tags=["organisation"])
api.add_router("/scorecards", scorecards.router, tags=["scorecards"])
api.add_router("", overrides.router, tags=["overrides"])
api.add_router("", phases.router, tags=["phases"])
api.add_router("", plans.router, tags=["success plans"])
api.add_router("", plan_progress.router, tags=["success plans"])
api.add_router("", review_meetings.router, tags=["business reviews"])
api.add_router("", decks.router, tags=["business reviews"])
api.add_router("", value.router, tags=["value"])
api.add_router("", value_books.router, tags=["value"])
api.add_router("", value_cases.router, tags=["value"])
api.add_router("", case_studies.router, tags=["value"])
api.add_router("", reviews.router, tags=["business reviews"])
api.add_router("", standings.router, tags=["accounts"])
api.add_router("", views.router, tags=["lists"])
api.add_router("", movements.router, tags=["movements"])
api.add_router("", amendments.router, tags=["movements"])
api.add_router("", files.router, tags=["files"])
api.add_router("", stakeholders.router, tags=["people"])
api.add_router("/custom-fields", custom_fields.router, tags=["custom fields"])
api.add_router("/imports", imports.router, tags=["imports"])
api.add_router("/quality", quality.router, tags=["quality"])
api.add_router("/rejections", rejections.router, tags=["rejections"])
api.add_router("/privacy", privacy.router, tags=["privacy"])
api.add_router("", proofs.router, tags=["proofs"])
api.add_router("", rules.router, tags=["signals"])
api.add_router("", alarms.router, tags=["signals"])
api.add_router("", playbooks.router, tags=["playbooks"])
api.add_router("", runs.router, tags=["playbooks"])
api.add_router("", messages.router, tags=["messages"])
api.add_router("/incidents", incidents.router, tags=["incidents"])
api.add_router("", incidents.files, tags=["incidents"])
api.add_router("", cadence.router, tags=["cadence"])
api.add_router("", calendar.router, tags=["calendar"])
api.add_router("", journey_declarations.router, tags=["journey"])
api.add_router("", journeys.router, tags=["journey"])
api.add_router("", advocacy.router, tags=["advocacy"])
api.add_router("/handovers", hand_overs.router, tags=["hand-overs"])
api.add_router("/tasks", tasks.router, tags=["tasks"])
api.add_router("", tasks.files, tags=["tasks"])
api.add_router("/time", time.router, tags=["time"])
api.add_router("/triage", triage.router, tags=["triage"])
api.add_router("/office-hours", office_hours.router, tags=["triage"])
api.add_router("/triage/gaps", gaps.router, tags=["triage"])
api.add_router("/articles", library.router, tags=["library"])
api.add_router("", today.router, tags=["today"])
api.add_router("", findings.router)
# Last: a key may be anything, so these addresses match whatever the others leave.
api.add_router("", records.router(richer={"accounts": accounts.READS}))


@api.exception_handler(errors.Refused)
def refused(request: HttpRequest, refusal: errors.Refused) -> HttpResponse:
    """A refusal in words; a token that is not valid is 401."""
    status = status_of(refusal)
    if status == 403 and not hasattr(request, "auth"):
        status = 401
    return _problem(status, refusal.english)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, failure: ValidationError) -> HttpResponse:
    """What was sent does not have the declared shape: say where and why."""
    del request
    said = "; ".join(f"{'.'.join(str(p) for p in e['loc'][1:])}: {e['msg']}" for e in failure.errors)
    return _problem(422, said)


def _problem(status: int, words: str) -> HttpResponse:
    return HttpResponse(json.dumps({"error": words}), content_type="application/json", status=status)
