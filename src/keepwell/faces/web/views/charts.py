"""The charts of an account: a fragment that the page loads by itself, or a page of its own without script."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from keepwell.charts.chart import Picture
from keepwell.faces.web import as_of
from keepwell.faces.web.as_of import AsOf
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import charts as pages
from keepwell.health.queries import overrides, scores
from keepwell.kernel import speech
from keepwell.kernel.moments import DAY
from keepwell.ledger.queries import accounts, movements, service, usage
from keepwell.ledger.queries.accounts import AccountView

YEAR = timedelta(days=364)
HALF_A_YEAR = 26
BACK = {
    "events": "account-usage",
    "people": "account-usage",
    "arr": "account-contracts",
    "tickets": "account-service",
}


@require_GET
@signed_in
def account(request: HttpRequest, asking: Asking, key: str, name: str) -> HttpResponse:
    """One declared chart of an account."""
    drawers = {
        "score": _score,
        "parts": _parts,
        "events": _events,
        "people": _people,
        "arr": _arr,
        "tickets": _tickets,
    }
    if name not in drawers:
        raise Http404
    found = accounts.find(key=key, seen_by=asking.seen_by)
    moment = as_of.asked(request, asking)
    pictures, nothing = drawers[name](asking, moment, found)
    page = pages.ChartsPage(
        title=found.name or found.key,
        back=moment.of(BACK.get(name, "account-health"), key),
        pictures=pictures,
        is_small=name == "parts",
        nothing=nothing,
    )
    return respond(request, "web/chart.html", page, part="pictures")


def _score(asking: Asking, moment: AsOf, found: AccountView) -> tuple[tuple[Picture, ...], str]:
    points = _points(asking, moment, found)
    edges = scores.band_edges(account_id=found.id, seen_by=asking.seen_by)
    said = overrides.of_account(account_id=found.id, seen_by=asking.seen_by)
    drawn = pages.score_history(points, said, watch_from=edges.watch_from, healthy_from=edges.healthy_from)
    if drawn is not None:
        days = [point.as_of for point in reversed(points)]
        drawn = drawn.opening(
            lambda row, column: "" if column else moment.on_day(days[row], "account-health", found.key)
        )
    return _some(drawn), speech.told("There is no history of health yet. It grows by a point each week.")


def _parts(asking: Asking, moment: AsOf, found: AccountView) -> tuple[tuple[Picture, ...], str]:
    points = _points(asking, moment, found)
    return pages.part_histories(points), speech.told("No part of the score has been known yet.")


def _events(asking: Asking, moment: AsOf, found: AccountView) -> tuple[tuple[Picture, ...], str]:
    return _weekly(asking, moment, found, "events"), speech.told(
        "No use of the product is known in the last half year."
    )


def _people(asking: Asking, moment: AsOf, found: AccountView) -> tuple[tuple[Picture, ...], str]:
    return _weekly(asking, moment, found, "people"), speech.told(
        "No event of the last half year names a person."
    )


def _arr(asking: Asking, moment: AsOf, found: AccountView) -> tuple[tuple[Picture, ...], str]:
    levels = movements.levels(
        account_id=found.id, seen_by=asking.seen_by, until=moment.day + DAY, known_by=moment.known_by
    )
    return pages.arr_histories(levels, today=moment.day), speech.told("No contract has stated an ARR yet.")


def _tickets(asking: Asking, moment: AsOf, found: AccountView) -> tuple[tuple[Picture, ...], str]:
    weeks = service.by_week(account_id=found.id, seen_by=asking.seen_by, until=moment.day, weeks=HALF_A_YEAR)
    return _some(pages.tickets(weeks)), speech.told("No ticket was opened in the last half year.")


def _weekly(asking: Asking, moment: AsOf, found: AccountView, what: str) -> tuple[Picture, ...]:
    weeks = usage.by_week(
        account_id=found.id,
        seen_by=asking.seen_by,
        until=moment.day if moment.is_past else asking.day - DAY,
        weeks=HALF_A_YEAR,
        known_by=moment.known_by,
    )
    return _some(pages.weekly(weeks, what))


def _points(asking: Asking, moment: AsOf, found: AccountView) -> tuple[scores.ScorePoint, ...]:
    return scores.history(
        account_id=found.id, seen_by=asking.seen_by, since=moment.day - YEAR, until=moment.day
    )


def _some(drawn: Picture | None) -> tuple[Picture, ...]:
    return () if drawn is None else (drawn,)
