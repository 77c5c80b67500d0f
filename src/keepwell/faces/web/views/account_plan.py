"""An account's success plan: its page, what the customer sees of it, its comparison, and the deeds on it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from keepwell.drafting import plan_report, plan_sheet
from keepwell.drafting.plan_sheet import Sheet
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import account_plan as pages
from keepwell.faces.web.pages import plan_sides as sides
from keepwell.faces.web.views import deeds
from keepwell.faces.web.views.deeds import Act, Told
from keepwell.faces.web.views.one_account import OneAccount
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.kernel.moments import parse_day
from keepwell.outcomes.actions import opinions, plans, progress, versions
from keepwell.outcomes.queries import comparing, shared
from keepwell.outcomes.queries import plans as found_plans

HERE = "account-plan"
THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """The plan as it stands, or the way to a first draft; on a past day the version that was in force."""
    found = OneAccount(request, asking, key, HERE)
    plan = found_plans.perhaps(account=key, seen_by=asking.seen_by, day=found.as_of.day)
    if found.as_of.is_past:
        before = plan and replace(
            plan, versions=tuple(one for one in plan.versions if one.at < found.as_of.at)
        )
        return respond(
            request, "web/account_plan_past.html", pages.past(found.head, before, today=asking.today)
        )
    may_write = asking.seen_by.may("work.do")
    if plan is None:
        return respond(request, "web/account_plan_none.html", pages.NoPlanPage(found.head, may_write))
    theirs = [(one.key, one.name) for one in found.people if one.status != "left"]
    page = pages.page(found.head, plan, people=theirs, today=asking.today, may_write=may_write)
    return respond(request, "web/account_plan.html", page)


def _sheet(asking: Asking, key: str, copy: str) -> Sheet:
    """What may leave the house: made of the shared plan alone."""
    plan = found_plans.find(account=key, seen_by=asking.seen_by, day=asking.day)
    seen = shared.of(plan)
    if copy != "redacted":
        return plan_sheet.sheet(seen)
    return plan_sheet.redacted(seen, redactor=shared.redactor(plan), industry=plan.industry)


@require_GET
@signed_in
def preview(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """The plan as the customer sees it, or the redacted copy for somebody else."""
    copy = _copy(request)
    page = sides.preview(key, _sheet(asking, key, copy), copy=copy)
    return respond(request, "web/plan_preview.html", page)


@require_GET
@signed_in
def paper(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """The same as a PDF."""
    copy = _copy(request)
    response = HttpResponse(
        plan_report.pdf(_sheet(asking, key, copy), at=asking.now), content_type="application/pdf"
    )
    name = "plan-redacted" if copy == "redacted" else f"plan-{key}"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _copy(request: HttpRequest) -> str:
    return "redacted" if request.GET.get("copy") == "redacted" else ""


@require_GET
@signed_in
def comparison(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """Two versions beside each other, or one and what is written now."""
    plan = found_plans.find(account=key, seen_by=asking.seen_by, day=asking.day)
    before, after = (_whole(request.GET.get(name, "")) for name in ("before", "after"))
    lines = comparing.lines(plan, before=before, after=after)
    page = sides.comparison(plan, lines, before=before, after=after)
    return respond(request, "web/plan_comparison.html", page)


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _agree(asked: dict[str, Any], told: Told) -> str:
    who = told.get("name", "").strip() or told.get("who", "")
    number = versions.agree(
        who=who, on=_day(told), how=told.get("how", ""), note=told.get("note", ""), **asked
    )
    return speech.told("Version %(number)s is agreed.", number=number)


def _refresh(asked: dict[str, Any], told: Told) -> str:
    number = versions.refresh(on=_day(told), note=told.get("note", ""), **asked)
    return speech.told("The plan is confirmed as version %(number)s.", number=number)


def _withdraw(asked: dict[str, Any], told: Told) -> str:
    number = _whole(told.get("slug", ""))
    versions.take_back(number=number, **asked)
    return speech.told("Version %(number)s is taken back. What the plan says stays.", number=number)


def _read(asked: dict[str, Any], told: Told) -> str:
    value = number(told.get("value", ""))
    if value is None:
        raise Invalid("Say what it stood at, as a number.")
    labels = {"evidence": "shared"} if told.get("share") else {}
    progress.read(
        indicator=told.get("slug", ""), value=value, on=_day(told), evidence=told.get("evidence", ""), labels=labels, **asked
    )  # fmt: skip
    return speech.told("The reading is noted.")


def _note(asked: dict[str, Any], told: Told) -> str:
    labels = {"text": "shared", "person": "shared", "resolution": "shared"} if told.get("share") else {}
    opinions.note(
        person=told.get("who", ""), text=told.get("text", ""), objective=told.get("objective", ""), said_on=_day(told),
        labels=labels, **asked,
    )  # fmt: skip
    return speech.told("The view stands beside the others.")


def _settle(asked: dict[str, Any], told: Told) -> str:
    opinions.resolve(opinion_id=_whole(told.get("id", "")), text=told.get("text", ""), **asked)
    return speech.told("The view is settled.")


def _unsettle(asked: dict[str, Any], told: Told) -> str:
    opinions.unresolve(opinion_id=_whole(told.get("id", "")), **asked)
    return speech.told("The view is open again.")


def _simple(
    deed: Callable[..., Any], name: str, said: str, *, dated: bool = False, **more: str
) -> Callable[..., str]:
    """A deed on one piece, named by its slug."""

    def done(asked: dict[str, Any], told: Told) -> str:
        extra: dict[str, Any] = {"on": _day(told)} if dated else {}
        extra |= {key: told.get(field, "") for key, field in more.items()}
        deed(**{name: told.get("slug", "")}, **extra, **asked)
        return speech.said(said)

    return done


DEEDS: Mapping[str, Act] = {
    "agree": _agree,
    "refresh": _refresh,
    "withdraw_version": _withdraw,
    "read": _read,
    "unread": _simple(progress.unread, "indicator", speech.later("The last reading is taken away.")),
    "reach": _simple(
        progress.reach, "objective", speech.later("The outcome is there."), dated=True, evidence="evidence"
    ),
    "unreach": _simple(progress.unreach, "objective", speech.later("The outcome is open again.")),
    "finish": _simple(progress.finish, "step", speech.later("The step is done."), dated=True),
    "reopen": _simple(progress.reopen, "step", speech.later("The step is open again.")),
    "note": _note,
    "settle": _settle,
    "unsettle": _unsettle,
    "take_back": _simple(plans.take_back, "slug", speech.later("It stands in the plan again."), noun="noun"),
}


@require_POST
@signed_in
def deed(request: HttpRequest, asking: Asking, key: str) -> HttpResponse:
    """One thing done with the plan; what it is stands in `deed`."""
    return deeds.done(request, asking, key, acts=DEEDS, here=HERE)


def _day(told: Told) -> date:
    return parse_day(told.get("on", ""))


def number(text: str) -> float | None:
    """A number that somebody typed, in English or with a decimal comma; None for nothing."""
    said = text.strip().replace("\u2212", "-").replace(" ", "").replace("\u00a0", "")
    if not said:
        return None
    said = said.replace(",", "") if THOUSANDS.fullmatch(said) else said.replace(",", ".")
    try:
        return float(said)
    except ValueError:
        raise Invalid('"%(text)s" is no number.', text=text) from None
