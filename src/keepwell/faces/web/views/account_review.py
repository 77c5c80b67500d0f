"""A business review's deck of an account: what will stand in it, and its files."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from keepwell.drafting.slides import paper
from keepwell.drafting.slides.deck import Deck
from keepwell.faces import reviewing
from keepwell.faces.reviewing import Period
from keepwell.faces.web.asking import READ, Asking, respond, signed_in
from keepwell.faces.web.downloads import filed
from keepwell.faces.web.pages import account_review as pages
from keepwell.faces.web.pages import reviews as review_pages
from keepwell.kernel.moments import parse_day
from keepwell.ledger.queries import accounts
from keepwell.outcomes.queries import reviews

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
MOST_REVIEWS = 20


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Slide by slide, with the receipts; read from the lake once the page is there."""
    found = accounts.find(key=key, seen_by=asking.seen_by)
    asked = _asked(request, asking)
    deck = _deck(asking, key, asked) if READ in request.GET else None
    usual = reviewing.usual(asking.today)
    rows = reviews.page(
        asked=reviews.Asked(account=key), seen_by=asking.seen_by, now=asking.now, limit=MOST_REVIEWS
    )
    page = pages.page(
        key, found.name, asked, usual, deck, last=asking.today - timedelta(days=1),
        reviews=review_pages.lines(rows, now=asking.now), may_work=asking.seen_by.may("work.do"),
    )  # fmt: skip
    return respond(request, "web/account_review.html", page, part="deck")


@require_GET
@signed_in
def slides(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """The deck for PowerPoint."""
    asked = _asked(request, asking)
    return filed(f"{key}-review-{asked.until}.pptx", reviewing.slides(_deck(asking, key, asked)), PPTX)


@require_GET
@signed_in
def sheets(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """The same as a PDF."""
    asked = _asked(request, asking)
    made = paper.pdf(_deck(asking, key, asked), at=asking.now)
    return filed(f"{key}-review-{asked.until}.pdf", made, "application/pdf")


def _asked(request: HttpRequest, asking: Asking) -> Period:
    since, until = (_day(request.GET.get(name, "").strip()) for name in ("since", "until"))
    return reviewing.period(since=since, until=until, today=asking.today)


def _day(said: str) -> date | None:
    return parse_day(said) if said else None


def _deck(asking: Asking, key: str, asked: Period) -> Deck:
    return reviewing.deck(account=key, asked=asked, seen_by=asking.seen_by, today=asking.today)
