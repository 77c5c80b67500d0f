"""What the page of the effect of triage says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import polars as pl
from django.urls import reverse

from keepwell.charts.chart import Picture
from keepwell.charts.pm_load import PmLoad
from keepwell.charts.render import picture
from keepwell.faces.components import words
from keepwell.faces.components.marks import Tab
from keepwell.faces.web.pages import triage as triage_pages
from keepwell.kernel import speech
from keepwell.plays.queries.effects import LEAST_ANSWERS, LEAST_TICKETS, Content, EffectView, Load


@dataclass(frozen=True)
class EffectRow:
    """One account."""

    account: str
    href: str
    began: str
    load: str
    change: str
    csat: str
    more: str
    waiting: str
    is_current: bool


@dataclass(frozen=True)
class EffectPage:
    """Accounts whose tickets are triaged, and one of them closer."""

    state: str
    tabs: tuple[Tab, ...]
    rows: tuple[EffectRow, ...]
    title: str
    load: str
    csat: str
    picture: Picture | None
    unsaid: str
    how: str
    csv: str
    account: str
    began_on: str
    pm_had_all: bool
    today: str
    may_work: bool
    refused: str


def page(
    found: Sequence[EffectView],
    *,
    asked: str,
    began_on: str,
    today: date,
    may_work: bool,
    refused: str,
) -> EffectPage:
    """The table, and the asked or first account with its chart."""
    one = next(
        (each for each in found if each.account_key == asked), None if asked else next(iter(found), None)
    )
    unsaid = sum(week.unsaid for week in one.weeks) if one else 0
    return EffectPage(
        state=_state(found),
        tabs=triage_pages.tabs("triage-effect"),
        rows=tuple(_row(each, one, today) for each in found),
        title=one.account_name if one else "",
        load=load_said(one.load, today) if one else "",
        csat=content_said(one.content) if one else "",
        picture=_picture(one) if one else None,
        unsaid=_unsaid(unsaid),
        how=_how(),
        csv=reverse("triage-effect-csv"),
        account=asked or (one.account_key if one else ""),
        began_on=began_on or (one.began_on if one else today).isoformat(),
        pm_had_all=one.pm_had_all if one else False,
        today=today.isoformat(),
        may_work=may_work,
        refused=refused,
    )


def _state(found: Sequence[EffectView]) -> str:
    if not found:
        return speech.told("Triage has not begun for any of your accounts.")
    known = [each.load.change for each in found if each.load.change is not None]
    told = speech.counted(
        len(found),
        "Triage has begun for %(n)s account",
        "Triage has begun for %(n)s accounts",
        n=words.whole(len(found)),
    )
    fewer = sum(change < 0 for change in known)
    if not known:
        return speech.told("%(told)s; of none can the effect be told yet.", told=told)
    return speech.told(
        "%(told)s; of %(known)s with enough data, fewer tickets reach the PM at %(fewer)s.",
        told=told,
        known=len(known),
        fewer=fewer,
    )


def _how() -> str:
    return speech.told(
        "How it is counted: a ticket reached the PM when triage handed it over, or when its assignee is the account’s PM and "
        "nobody triaged it. Before: up to four weeks before triage began. After: the last up to four whole weeks from its "
        "third week on, for the first two are settling in. The change has its 95 % interval, taking tickets as independent; "
        "that triage alone did it is not claimed. CSAT: the share of answers of 4 or 5 in the 90 days before, and in the last "
        "90 days from the third week on. The list of product gaps is no ticket that reaches the PM."
    )


def load_said(load: Load, today: date) -> str:
    """The change of the PM's load, or why it cannot be told."""
    if load.change is not None and load.before is not None and load.after is not None:
        return speech.told(
            "From %(before)s tickets a week that reached the PM to %(after)s: %(change)s (%(low)s to %(high)s).",
            before=words.exact(load.before, 1),
            after=words.exact(load.after, 1),
            change=_change(load.change),
            low=_signed(load.low),
            high=_signed(load.high),
        )
    return _why(load, today)


def _why(load: Load, today: date) -> str:
    if load.why == "too_early" and load.ready_on is not None:
        return speech.told(
            "Too early to tell: the third week ends on %(day)s.", day=words.day(load.ready_on, today=today)
        )
    return {
        "few_days": speech.told("Not enough to compare with: fewer than five days before triage are known."),
        "few_tickets": speech.told(
            "Not enough to compare with: fewer than %(least)s tickets reached the PM before.",
            least=LEAST_TICKETS,
        ),
        "nobody_said": speech.told(
            "Not known: tickets before triage do not say who had them, or no PM is named."
        ),
    }.get(load.why, "")


def _change(change: float) -> str:
    share = words.percent(abs(100 * change))
    if round(100 * change) == 0:
        return speech.told("no change")
    return (
        speech.told("%(share)s fewer", share=share)
        if change < 0
        else speech.told("%(share)s more", share=share)
    )


def _signed(change: float | None) -> str:
    if change is None or change == float("inf"):
        return speech.told("without bound")
    sign = "−" if change < 0 else "+"
    return f"{sign}{words.percent(abs(100 * change))}"


def content_said(content: Content) -> str:
    """CSAT before and after, or what is missing."""
    if content.before is not None and content.after is not None:
        return speech.told(
            "CSAT from %(before)s (%(n)s answers) to %(after)s (%(m)s answers).",
            before=words.percent(100 * content.before),
            n=content.before_answers,
            after=words.percent(100 * content.after),
            m=content.after_answers,
        )
    return speech.told(
        "CSAT cannot be compared: %(before)s answers before and %(after)s after, of the %(least)s needed each.",
        before=content.before_answers,
        after=content.after_answers,
        least=LEAST_ANSWERS,
    )


def _row(each: EffectView, one: EffectView | None, today: date) -> EffectRow:
    load, content = each.load, each.content
    figures = [None if value is None else words.exact(value, 1) for value in (load.before, load.after)]
    shares = [
        None if value is None else words.percent(100 * value) for value in (content.before, content.after)
    ]
    return EffectRow(
        account=each.account_name,
        href=reverse("triage-effect") + "?" + urlencode({"account": each.account_key}),
        began=words.day(each.began_on, today=today),
        load=" → ".join(figure or "–" for figure in figures),
        change=_change(load.change) if load.change is not None else "–",
        csat=" → ".join(share or "–" for share in shares),
        more=_why(load, today) if load.change is None else "",
        waiting=words.whole(each.waiting),
        is_current=one is not None and each.account_key == one.account_key,
    )


def _picture(one: EffectView) -> Picture | None:
    if not one.weeks:
        return None
    frame = pl.DataFrame(
        {
            "week": [week.begins for week in one.weeks],
            "reached": [week.reached for week in one.weeks],
            "is_before": [week.is_before for week in one.weeks],
        }
    )
    return picture(PmLoad(), frame)


def _unsaid(n: int) -> str:
    if not n:
        return ""
    return speech.counted(
        n,
        "Of %(n)s ticket nobody says whether the PM had it; it is in no bar.",
        "Of %(n)s tickets nobody says whether the PM had them; they are in no bar.",
        n=n,
    )
