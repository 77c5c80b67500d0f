"""Proofs: ask for one, watch it, read what it found."""

from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from keepwell.drafting import proof_pictures as charts
from keepwell.drafting import proof_report
from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import indicators as indicator_pages
from keepwell.faces.web.pages import proofs as pages
from keepwell.health.actions import proofs as deeds
from keepwell.health.queries import proofs
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.kernel.moments import parse_day
from keepwell.metrics.queries import departures


@require_http_methods(["GET", "POST"])
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """All proofs; POST asks for one."""
    if request.method == "GET":
        return _shown(request, asking, chosen=request.GET.get("version", ""))
    given = request.POST
    slug, _, number = given.get("version", "").rpartition(":")
    other, _, against = given.get("against", "").rpartition(":")
    try:
        if other and other != slug:
            raise Invalid("Side by side stand two versions of the same scorecard. Choose another one.")
        proof_id = deeds.ask(
            slug=slug,
            number=_whole(number),
            horizon_days=_whole(given.get("horizon", "")),
            step_days=_whole(given.get("step", "")) or 28,
            since=_day(given.get("since", "")),
            until=_day(given.get("until", "")),
            against=_whole(against),
            by=asking.seen_by,
            at=asking.now,
        )
    except Invalid as refusal:
        return _shown(
            request,
            asking,
            chosen=given.get("version", ""),
            against=given.get("against", ""),
            refused=str(refusal),
        )
    tasks.prove(proof_id)
    return HttpResponseRedirect(reverse("proof", args=(proof_id,)))


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, proof_id: int) -> HttpResponse:
    """One proof."""
    return respond(request, "web/proof.html", _page(asking, proof_id))


@require_GET
@signed_in
def progress(request: HttpRequest, asking: Asking, proof_id: int) -> HttpResponse:
    """How far it is; once it has ended, the whole page is asked for again."""
    page = _page(asking, proof_id)
    response = respond(request, "web/proof.html", page, part="progress" if page.progress else "")
    if page.progress is None:
        response.headers["HX-Refresh"] = "true"
    return response


@require_GET
@signed_in
def measures(request: HttpRequest, asking: Asking, proof_id: int) -> HttpResponse:
    """Each measure's own evidence, and what is theatre."""
    view = proofs.find(proof_id=proof_id, seen_by=asking.seen_by)
    if view.figures is None:
        return HttpResponseRedirect(reverse("proof", args=(proof_id,)))
    return respond(request, "web/indicators.html", indicator_pages.page(view))


@require_GET
@signed_in
def report(request: HttpRequest, asking: Asking, proof_id: int) -> HttpResponse:
    """The report as a PDF."""
    view = proofs.find(proof_id=proof_id, seen_by=asking.seen_by)
    response = HttpResponse(proof_report.pdf(view, at=asking.now), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="proof-{view.slug}-{view.number}.pdf"'
    return response


def _shown(
    request: HttpRequest, asking: Asking, *, chosen: str, against: str = "", refused: str = ""
) -> HttpResponse:
    page = pages.listing(
        proofs.all_proofs(seen_by=asking.seen_by),
        versions=proofs.provable(),
        departure=departures.declared(),
        is_declared=departures.is_declared(),
        may_ask=asking.seen_by.may("config.change"),
        today=asking.today,
        chosen=chosen,
        against=against,
        refused=refused,
    )
    return respond(request, "web/proofs.html", page, status=422 if refused else 200)


def _page(asking: Asking, proof_id: int) -> pages.ProofPage:
    view = proofs.find(proof_id=proof_id, seen_by=asking.seen_by)
    name = speech.told("Version %(number)s", number=view.number)
    pictures = (
        charts.all_of(view.figures, name=name, other=speech.told("Version %(against)s", against=view.against))
        if view.figures
        else {}
    )
    return pages.page(view, pictures=pictures, now=asking.now)


def _whole(text: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isdecimal() or len(text.strip()) > 6:
        raise Invalid('"%(said)s" is no number of days. Write digits.', said=text)
    return int(text)


def _day(text: str) -> date | None:
    return parse_day(text) if text.strip() else None
