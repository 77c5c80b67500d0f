"""Currencies: the one that sums are told in, and what the others are worth."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import currencies as pages
from keepwell.intake import parsers
from keepwell.kernel.errors import Invalid
from keepwell.ledger.actions import rates as deeds
from keepwell.ledger.queries import contracts, rates

SHOWN = 50
PARSERS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("currency", parsers.currency), ("base", parsers.currency), ("day", parsers.day), ("rate", parsers.rate),
)  # fmt: skip


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The page."""
    return _shown(request, asking, pages.Typed(day=asking.today.isoformat()))


@require_POST
@signed_in
def reporting(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Choose the currency that sums are told in."""
    typed = request.POST.get("currency", "").strip().upper()
    try:
        deeds.report_in(currency=typed, by=asking.seen_by, at=asking.now)
    except Invalid as refusal:
        return _shown(request, asking, pages.Typed(), refused=str(refusal))
    messages.success(request, f"Sums are told in {typed} from now on.", extra_tags="done")
    return HttpResponseRedirect(reverse("settings-currencies"))


@require_POST
@signed_in
def state(request: HttpRequest, asking: Asking) -> HttpResponse:
    """State one rate by hand."""
    cells = {name: request.POST.get(name, "").strip() for name, _ in PARSERS}
    values, faults = _parsed(cells)
    if not faults:
        (verdict,) = deeds.upsert(rows=[values], source="web", by=asking.seen_by, at=asking.now)
        if verdict.outcome != "rejected":
            messages.success(
                request, f"{cells['currency'].upper()} is stated. ARR follows.", extra_tags="done"
            )
            return HttpResponseRedirect(reverse("settings-currencies"))
        faults = {"base": verdict.reason}
    return _shown(request, asking, pages.Typed(**cells, faults=tuple(faults.items())))


@require_POST
@signed_in
def removal(request: HttpRequest, asking: Asking, currency: str, base: str, day: str) -> HttpResponse:
    """Take a rate back."""
    deeds.remove(currency=currency, base=base, day=parsers.day(day), by=asking.seen_by, at=asking.now)
    messages.success(request, f"The rate of {currency} from {day} is gone. ARR follows.", extra_tags="done")
    return HttpResponseRedirect(reverse("settings-currencies"))


def _parsed(cells: dict[str, str]) -> tuple[dict[str, object], dict[str, str]]:
    values: dict[str, object] = {}
    faults: dict[str, str] = {}
    for name, parse in PARSERS:
        if not cells[name]:
            if name != "base":
                faults[name] = "This is needed."
            continue
        try:
            values[name] = parse(cells[name])
        except Invalid as refusal:
            faults[name] = str(refusal)
    return values, faults


def _shown(request: HttpRequest, asking: Asking, typed: pages.Typed, *, refused: str = "") -> HttpResponse:
    found = rates.page(after=request.GET.get("after", ""), limit=SHOWN + 1)
    page = pages.page(
        known=rates.on(asking.today, into=rates.reporting()),
        in_use=contracts.currencies(),
        rates=found[:SHOWN],
        may_change=asking.seen_by.may("config.change"),
        may_state=asking.seen_by.may("data.import"),
        today=asking.today,
        typed=typed,
        refused=refused,
        more=f"?after={found[SHOWN - 1].cursor}" if len(found) > SHOWN else "",
    )
    return respond(request, "web/currencies.html", page, status=422 if refused or typed.faults else 200)
