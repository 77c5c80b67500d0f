"""Exchange rates by hand: read, stated, corrected, taken back and brought back."""

import csv
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.faces.web import taken_away
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import Echo
from keepwell.faces.web.pages import rates as pages
from keepwell.intake import parsers
from keepwell.kernel import speech
from keepwell.kernel.errors import Conflict, Invalid
from keepwell.ledger.actions import rates as deeds
from keepwell.ledger.queries import rates

SHOWN, AT_ONCE = 50, 1000
RATE = "rate"
PARSERS: tuple[tuple[str, Callable[[str], Any]], ...] = (
    ("currency", parsers.currency), ("base", parsers.currency), ("day", parsers.day), ("rate", parsers.rate),
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@signed_in
def overview(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The rates; a post states one, which corrects the one of the same pair and day."""
    if request.method == "GET":
        given = request.GET
        typed = pages.Typed(
            currency=given.get("currency", ""),
            base=given.get("base", ""),
            day=given.get("day", "") or asking.day.isoformat(),
            rate=given.get("rate", ""),
        )
        return _shown(request, asking, typed)
    cells = {name: request.POST.get(name, "").strip() for name, _ in PARSERS}
    values, faults = _parsed(cells)
    if not faults:
        (verdict,) = deeds.upsert(rows=[values], source="web", by=asking.seen_by, at=asking.now)
        if verdict.outcome != "rejected":
            told = speech.told("%(currency)s is stated. ARR follows.", currency=cells["currency"].upper())
            messages.success(request, told, extra_tags="done")
            return HttpResponseRedirect(reverse("rates"))
        faults = {"base": verdict.reason}
    return _shown(request, asking, pages.Typed(**cells, faults=tuple(faults.items())))


@require_POST
@signed_in
def removal(request: HttpRequest, asking: Asking, currency: str, base: str, day: str) -> HttpResponse:
    """Take a rate back; the answer offers to bring it back."""
    on = parsers.day(day)
    found = rates.find(currency=currency, base=base, day=on)
    deeds.remove(currency=currency, base=base, day=on, by=asking.seen_by, at=asking.now)
    kept = {"currency": currency, "base": base, "day": day, "rate": str(found.rate) if found else ""}
    told = speech.told(
        "The rate of %(currency)s from %(day)s is gone. ARR follows.", currency=currency, day=day
    )
    taken_away.keep(request, RATE, kept, told=told)
    return HttpResponseRedirect(reverse("rates"))


def restated(kept: dict[str, str], asking: Asking) -> tuple[str, str]:
    """Bring a rate back that was taken back."""
    values, _ = _parsed(kept)
    (verdict,) = deeds.upsert(rows=[values], source="web", by=asking.seen_by, at=asking.now)
    if verdict.outcome == "rejected":
        raise Conflict(verdict.reason)
    return speech.told(
        "The rate of %(currency)s from %(day)s is back. ARR follows.",
        currency=kept["currency"],
        day=kept["day"],
    ), reverse("rates")


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """Every rate as a file that the import takes unchanged."""
    del request, asking
    response = StreamingHttpResponse(_lines(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="rates.csv"'
    return response


def _lines() -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow(("currency", "day", "rate", "base"))
    after: str | None = ""
    while after is not None:
        found = rates.page(after=after, limit=AT_ONCE)
        for one in found:
            yield writer.writerow((one.currency, one.day, f"{one.rate:f}", one.base))
        after = found[-1].cursor if len(found) == AT_ONCE else None


def _parsed(cells: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, parse in PARSERS:
        if not cells[name]:
            if name != "base":
                faults[name] = speech.told("This is needed.")
            continue
        try:
            values[name] = parse(cells[name])
        except Invalid as refusal:
            faults[name] = str(refusal)
    return values, faults


def _shown(request: HttpRequest, asking: Asking, typed: pages.Typed) -> HttpResponse:
    found = rates.page(after=request.GET.get("after", ""), limit=SHOWN + 1)
    page = pages.page(
        found[:SHOWN],
        reporting=rates.reporting(),
        may_state=asking.seen_by.may("data.import"),
        today=asking.today,
        typed=typed,
        more=f"?after={found[SHOWN - 1].cursor}" if len(found) > SHOWN else "",
    )
    return respond(request, "web/rates.html", page, status=422 if typed.faults else 200)
