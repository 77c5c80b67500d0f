"""Data quality: of sources, of accounts, and of one source."""

import csv
from collections.abc import Iterator
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from keepwell.access.scopes import Scope
from keepwell.faces.components import words
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import Echo, safe
from keepwell.faces.web.pages import charts as chart_pages
from keepwell.faces.web.pages import quality as pages
from keepwell.faces.web.pages import sources as source_pages
from keepwell.health.queries import blindness
from keepwell.intake.actions import drifts, volumes
from keepwell.intake.queries import findings
from keepwell.intake.queries import quality as queries
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.kernel.moments import DAY
from keepwell.ledger.queries import accounts, arrivals
from keepwell.pipeline.queries import status

BLIND_SHOWN, AT_ONCE = 12, 100
COUNTED, CHARTED, ODD = timedelta(days=28), timedelta(days=56), timedelta(days=14)
FARTHEST = 10_000_000


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Sources, blind scores and what accounts lack, on one page."""
    may = asking.seen_by
    sources = queries.overview(seen_by=may, at=asking.now)
    blind = blindness.ranked(seen_by=may, limit=BLIND_SHOWN)
    counts = findings.counts(seen_by=may)
    looked_at = findings.refreshed_at()
    rest = blind.total - len(blind.rows)
    last = status.verification()
    passed = sum(1 for row in counts if not row.accounts)
    page = pages.QualityPage(
        state=pages.state(sources, counts),
        looked=speech.told("Looked at %(looked_at)s", looked_at=words.moment(looked_at, today=asking.today))
        if looked_at
        else speech.told("Not looked at yet"),
        may_import=may.may("data.import"),
        sources=tuple(pages.source(view, now=asking.now) for view in sources),
        blind=tuple(pages.blind(row) for row in blind.rows),
        blind_finding=pages.blind_finding(blind),
        more_blind=speech.told("and %(more_accounts)s", more_accounts=words.count(rest, "more account"))
        if rest > 0
        else "",
        groups=pages.groups(counts, accounts=accounts.count(seen_by=may)),
        verified=speech.told(
            "Everything was computed anew %(when)s: the same numbers for %(accounts)s.",
            when=words.moment(last.at, today=asking.today),
            accounts=words.count(last.accounts, "account"),
        )
        if last and not last.difference
        else "",
        differed=speech.told(
            "The full recomputation of %(when)s: %(difference)s.",
            when=words.moment(last.at, today=asking.today),
            difference=last.difference,
        )
        if last and last.difference
        else "",
        passed=speech.told("%(checks)s found nothing.", checks=words.count(passed, "check"))
        if passed
        else "",
    )
    return respond(request, "web/quality.html", page)


@require_GET
@signed_in
def check(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Everybody who fails one check."""
    offset = _offset(request)
    found = findings.failing(slug=slug, seen_by=asking.seen_by, offset=offset, limit=AT_ONCE)
    return respond(
        request, "web/quality_check.html", pages.check(found, offset=offset, limit=AT_ONCE, now=asking.now)
    )


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """All findings that may be seen, as CSV."""
    del request
    response = StreamingHttpResponse(_lines(asking.seen_by), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="data-quality-{asking.day}.csv"'
    return response


@require_GET
@signed_in
def source(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """One source: how it sends, what changed, what it sends."""
    may, today = asking.seen_by, asking.day
    view = queries.find(slug=slug, seen_by=may, at=asking.now)
    page = source_pages.page(
        view,
        days=arrivals.by_day(seen_by=may, since=today - COUNTED + DAY, until=today + DAY, source=slug),
        drifts=queries.drifts(seen_by=may, source=slug),
        odd=queries.volumes(seen_by=may, source=slug, since=today - ODD, until=today, names=True),
        names=queries.names(seen_by=may, source=slug),
        now=asking.now,
    )
    return respond(request, "web/source.html", page)


@require_GET
@signed_in
def chart(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """A source's days against what is usual."""
    view = queries.find(slug=slug, seen_by=asking.seen_by, at=asking.now)
    rows = queries.volumes(seen_by=asking.seen_by, source=slug, since=asking.day - CHARTED, until=asking.day)
    drawn = source_pages.chart(rows)
    page = chart_pages.ChartsPage(
        title=view.name,
        back=reverse("source", args=(slug,)),
        pictures=() if drawn is None else (drawn,),
        is_small=False,
        nothing=speech.told("No whole day has passed since its first event."),
    )
    return respond(request, "web/chart.html", page, part="pictures")


@require_POST
@signed_in
def cadence(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Say how often a source sends."""
    typed = request.POST.get("hours", "")
    if typed and not (typed.isdecimal() and len(typed) < 6):
        raise Invalid('"%(typed)s" is no number of hours.', typed=typed[:20])
    volumes.declare_cadence(slug=slug, hours=int(typed) if typed else None, by=asking.seen_by, at=asking.now)
    messages.success(request, speech.told("Kept."), extra_tags="done")
    return HttpResponseRedirect(reverse("source", args=(slug,)))


@require_POST
@signed_in
def acknowledge(request: HttpRequest, asking: Asking, drift_id: int) -> HttpResponse:
    """Say that a change is known."""
    slug = drifts.acknowledge(drift_id=drift_id, by=asking.seen_by, at=asking.now)
    return HttpResponseRedirect(reverse("source", args=(slug,)) + "#changes")


def _lines(seen_by: Scope) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow(
        ("account", "name", "check", "kind", "severity", "what", "detail", "found_at", "mender", "how")
    )
    for row in findings.every(seen_by=seen_by):
        check = row.check
        told = (
            row.account,
            row.account_name,
            check.slug,
            check.kind,
            check.severity,
            check.title,
            row.detail,
        )
        yield writer.writerow((*map(safe, told), row.found_at.isoformat(), check.mender, check.how))


def _offset(request: HttpRequest) -> int:
    typed = request.GET.get("offset", "0")
    if not typed.isdecimal() or int(typed[:9]) > FARTHEST:
        raise Invalid('"%(typed)s" is no place in the list.', typed=typed[:20])
    return int(typed)
