"""The case study of an account: its draft, its files, the deeds on it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from keepwell.faces import case_studying
from keepwell.faces.case_studying import Studied
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import filed
from keepwell.faces.web.pages import case_study as pages
from keepwell.faces.web.views import deeds
from keepwell.faces.web.views.deeds import Act, Told
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.kernel.moments import parse_day
from keepwell.outcomes.actions import case_studies

HERE = "account-case-study"


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """The draft with what is missing, and the words that may stand in it."""
    found = _found(asking, key)
    page = pages.page(found, today=asking.today, may_write=asking.seen_by.may("work.do"))
    return respond(request, "web/case_study.html", page)


@require_GET
@signed_in
def text(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """The text with its marks, as a file."""
    del request
    found = _written(asking, key)
    return filed(f"{key}-case-study.md", found.study.text.encode(), "text/markdown; charset=utf-8")


@require_GET
@signed_in
def paper(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """The same as a PDF; one that is not published says that it is a draft."""
    del request
    made = case_studying.paper(_written(asking, key), at=asking.now)
    return filed(f"{key}-case-study.pdf", made, "application/pdf")


def _draft(asked: dict[str, Any], told: Told) -> str:
    del told
    case_studying.draft(**asked)
    return speech.told("Drafted from the facts of today. The text before can be put back.")


def _write(asked: dict[str, Any], told: Told) -> str:
    seen = told.get("seen", "")
    case_studies.write(text=told.get("text", ""), seen=_moment(seen) if seen else None, **asked)
    return speech.told("The text is kept.")


def _put_back(asked: dict[str, Any], told: Told) -> str:
    del told
    case_studies.put_back(**asked)
    return speech.told("The text before stands again.")


def _publish(asked: dict[str, Any], told: Told) -> str:
    case_studies.publish(on=parse_day(told.get("on", "")), link=told.get("link", ""), **asked)
    return speech.told("It is noted as published.")


def _withdraw(asked: dict[str, Any], told: Told) -> str:
    del told
    case_studies.withdraw(**asked)
    return speech.told("It is noted as not published.")


def _quote(asked: dict[str, Any], told: Told) -> str:
    permitted = told.get("permitted_on", "").strip()
    labels = {slug: "shared" for slug in ("text", "name") if told.get(f"share_{slug}")}
    origin = told.get("origin", "")
    said = case_studies.Quote(
        text=told.get("text", ""), who=told.get("name", "").strip() or told.get("who", ""),
        said_on=parse_day(told.get("said_on", "")), source=told.get("source", "said"),
        origin=int(origin) if origin.isdecimal() and len(origin) < 18 else None,
        permitted_on=parse_day(permitted) if permitted else None, evidence=told.get("evidence", ""), labels=labels,
    )  # fmt: skip
    case_studies.quote(quote=said, **asked)
    return speech.told("The words are kept.")


def _unquote(asked: dict[str, Any], told: Told) -> str:
    number = told.get("quote", "")
    case_studies.unquote(quote_id=int(number) if number.isdecimal() and len(number) < 18 else 0, **asked)
    return speech.told("The words are kept no more.")


DEEDS: Mapping[str, Act] = {
    "draft": _draft,
    "write": _write,
    "put_back": _put_back,
    "publish": _publish,
    "withdraw": _withdraw,
    "quote": _quote,
    "unquote": _unquote,
}


@require_POST
@signed_in
def deed(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """One thing done with it; what it is stands in `deed`."""
    return deeds.done(request, asking, key, acts=DEEDS, here=HERE)


def _found(asking: Asking, key: str) -> Studied:
    return case_studying.find(account=key, seen_by=asking.seen_by, day=asking.day)


def _written(asking: Asking, key: str) -> Studied:
    found = _found(asking, key)
    if not found.study.text:
        raise NotFound("Nothing is drafted yet.")
    return found


def _moment(said: str) -> datetime:
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        raise Invalid('"%(text)s" is no moment.', text=said) from None
