"""An account's value: its page, its file, the deeds on it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET, require_POST

from keepwell.faces import value_files
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import account_value as pages
from keepwell.faces.web.views import deeds
from keepwell.faces.web.views.account_plan import number
from keepwell.faces.web.views.deeds import Act, Told
from keepwell.faces.web.views.one_account import OneAccount
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.kernel.moments import parse_day
from keepwell.metrics.queries import catalogue
from keepwell.outcomes import quarters
from keepwell.outcomes.actions import value_models, value_statements
from keepwell.outcomes.queries import value, value_sums
from keepwell.outcomes.value_document import Range

HERE = "account-value"
QUARTERS = 4


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """What the outcomes are worth; on a past day what was counted and confirmed by then."""
    one = OneAccount(request, asking, key, HERE)
    day, past = one.as_of.day, one.as_of.is_past
    found = value.find(account=key, seen_by=asking.seen_by, day=day, known_by=one.as_of.at if past else None)
    page = pages.page(
        one.head,
        found,
        value_sums.of_account(found, quarters.last(day, QUARTERS), today=day),
        people=[(who.key, who.name) for who in one.people if who.status != "left"],
        metrics={metric.slug: str(metric.title) for metric in catalogue.answering()},
        today=day,
        may_write=asking.seen_by.may("work.do") and not past,
    )
    return respond(request, "web/account_value.html", page)


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking, key: str) -> StreamingHttpResponse:
    """A row a quarter of each model."""
    del request
    found = value.find(account=key, seen_by=asking.seen_by, day=asking.day)
    return streamed(f"value-{key}", value_files.COLUMNS, value_files.statements(found))


def _count(asked: dict[str, Any], told: Told) -> str:
    new = value_statements.count(quarter=quarters.read(told.get("quarter", "")), **asked)
    if not new:
        return speech.told("Nothing has changed since it was counted.")
    return speech.counted(
        len(new), "%(n)s value is counted. Ask the customer.", "%(n)s values are counted. Ask the customer.",
        n=len(new),
    )  # fmt: skip


def _confirm(asked: dict[str, Any], told: Told) -> str:
    kept = {"name": "internal", "words": "internal"} if told.get("keep") else {}
    value_statements.confirm(
        statement=_whole(told.get("statement", "")), who=told.get("name", "").strip() or told.get("who", ""),
        on=_day(told), words=told.get("words", ""), figure=_figure(told), labels=kept, **asked,
    )  # fmt: skip
    return speech.told("The value is confirmed.")


def _withdraw(asked: dict[str, Any], told: Told) -> str:
    value_statements.withdraw(statement=_whole(told.get("statement", "")), **asked)
    return speech.told("The confirmation is taken back.")


def _take_back(asked: dict[str, Any], told: Told) -> str:
    value_models.take_back(model=told.get("model", ""), **asked)
    return speech.told("The value model counts again.")


DEEDS: Mapping[str, Act] = {
    "count": _count,
    "confirm": _confirm,
    "withdraw": _withdraw,
    "take_back": _take_back,
}


@require_POST
@signed_in
def deed(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """One thing done with what is counted; what it is stands in `deed`."""
    return deeds.done(request, asking, key, acts=DEEDS, here=HERE)


def _figure(told: Told) -> Range | None:
    low, likely, high = (number(told.get(name, "")) for name in ("low", "likely", "high"))
    if low is None and likely is None and high is None:
        return None
    if low is None or likely is None or high is None or not low <= likely <= high:
        raise Invalid("Another figure is a low, a likely and a high one, in this order.")
    return Range(low, likely, high)


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def _day(told: Told) -> date:
    return parse_day(told.get("on", ""))
