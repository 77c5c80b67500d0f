"""The journey of a book: the flow through phases, the accounts behind each figure, onboarding; and the files."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces import journey_files
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import journey as pages
from keepwell.faces.web.pages import onboarding as newcomers
from keepwell.health.queries import portfolio
from keepwell.health.queries.portfolio import Whose
from keepwell.kernel.errors import Invalid
from keepwell.metrics.queries import catalogue
from keepwell.outcomes.queries import journey_book, onboarding
from keepwell.segments.queries import segments

SHOWN = 100


@require_GET
@signed_in
def flow(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Who entered, left and stalls in each phase; beneath, the accounts behind one figure, those that stall first."""
    asked, of = _asked(request, asking, weeks="13"), _of(request, asking)
    found = journey_book.book(of=of, seen_by=asking.seen_by, day=asking.day, weeks=_weeks(asked["weeks"]))
    rows = journey_book.listed(
        found, of=of, seen_by=asking.seen_by, phase=asked["phase"], what=_what(asked["what"]), limit=SHOWN + 1
    )
    page = pages.flow(
        found, rows, asked=asked, of=of,
        whose=portfolio.choices(seen_by=asking.seen_by), segments=segments.titles(), limit=SHOWN, today=asking.today,
    )  # fmt: skip
    return respond(request, "web/journey.html", page)


@require_GET
@signed_in
def flow_csv(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """The accounts behind a figure as a file, all of them."""
    asked, of = _asked(request, asking, weeks="13"), _of(request, asking)
    found = journey_book.book(of=of, seen_by=asking.seen_by, day=asking.day, weeks=_weeks(asked["weeks"]))
    rows = journey_book.listed(
        found, of=of, seen_by=asking.seen_by, phase=asked["phase"], what=_what(asked["what"])
    )
    return streamed("journey", journey_files.STAY_COLUMNS, journey_files.stays(rows))


@require_GET
@signed_in
def first_value(request: HttpRequest, asking: Asking) -> HttpResponse:
    """How long customers take until their first value, and who is late."""
    asked, of = _asked(request, asking, weeks="52"), _of(request, asking)
    if asked["state"] and asked["state"] not in onboarding.STATES:
        raise Invalid(
            '"%(said)s" is not known. Use one of %(listed)s.',
            said=asked["state"][:20],
            listed=", ".join(onboarding.STATES),
        )
    found = onboarding.onboarding(of=of, seen_by=asking.seen_by, day=asking.day, weeks=_weeks(asked["weeks"]))
    names = {one.slug: str(one.title) for one in catalogue.answering()}
    page = newcomers.page(
        found, asked=asked, of=of, whose=portfolio.choices(seen_by=asking.seen_by), segments=segments.titles(),
        metric=names.get(found.first_value.metric, found.first_value.metric), today=asking.today,
    )  # fmt: skip
    return respond(request, "web/onboarding.html", page)


@require_GET
@signed_in
def first_value_csv(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """The same as a file."""
    asked = _asked(request, asking, weeks="52")
    found = onboarding.onboarding(
        of=_of(request, asking), seen_by=asking.seen_by, day=asking.day, weeks=_weeks(asked["weeks"])
    )
    rows = [one for one in found.newcomers if not asked["state"] or one.state == asked["state"]]
    return streamed("onboarding", journey_files.NEWCOMER_COLUMNS, journey_files.newcomers(rows))


def _of(request: HttpRequest, asking: Asking) -> Whose:
    usual = portfolio.ALL if asking.seen_by.everything else portfolio.MINE
    return portfolio.whose(
        request.GET.get("of") or usual, seen_by=asking.seen_by, segment=request.GET.get("segment", "")[:63]
    )


def _asked(request: HttpRequest, asking: Asking, *, weeks: str) -> dict[str, str]:
    said = {name: request.GET.get(name, "")[:63] for name in ("of", "segment", "phase", "state")}
    return {**said, "what": request.GET.get("what") or "stalled", "weeks": request.GET.get("weeks") or weeks}


def _weeks(said: str) -> int:
    return int(said) if said.isdecimal() and len(said) < 4 else 0


def _what(said: str) -> journey_book.What:
    found = next((what for what in journey_book.WHATS if what == said), None)
    if found is None:
        raise Invalid(
            '"%(said)s" is not known. Use one of %(listed)s.',
            said=said[:20],
            listed=", ".join(journey_book.WHATS),
        )
    return found
