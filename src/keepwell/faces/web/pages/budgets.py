"""What the page of the alert budget says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from keepwell.access.roles import ROLES
from keepwell.faces.components import words
from keepwell.kernel import speech
from keepwell.plays.queries.budgets import BudgetView
from keepwell.signals.declared import OUTCOMES, SEVERITIES


@dataclass(frozen=True)
class BudgetRow:
    """A rule; `retire` says why it should rest."""

    slug: str
    title: str
    href: str
    under: str
    alarms: str
    right: str
    settled: str
    chance: str
    acted: str
    answered: str
    renewed: str
    a_week: str
    retire: str
    rest: str


@dataclass(frozen=True)
class BudgetPage:
    """All rules with what their alarms were worth."""

    state: str
    rows: tuple[BudgetRow, ...]
    proposed: tuple[BudgetRow, ...]
    is_hidden: bool
    may_change: bool


def page(
    found: Sequence[BudgetView], *, now: datetime, may_change: bool, sees_everything: bool
) -> BudgetPage:
    """The page; those who see a part of the company alone see no figures of all of it."""
    rows = tuple(_row(one) for one in found)
    return BudgetPage(
        _state(found, now),
        rows,
        tuple(row for row in rows if row.retire),
        not sees_everything,
        may_change,
    )


def _state(found: Sequence[BudgetView], now: datetime) -> str:
    counted = [one.counted_at for one in found if one.counted_at is not None]
    if not counted:
        return speech.told("It was not counted yet; that is done every night.")
    when = words.moment(min(counted), today=words.local_day(now))
    return speech.told(
        "Alarms of the last year, counted %(when)s. Right is what came within 90 days.", when=when
    )


def _row(one: BudgetView) -> BudgetRow:
    figures = one.figures or {}
    precision = figures.get("precision")
    told = figures.get("told", 0)
    return BudgetRow(
        slug=one.slug,
        title=one.title,
        href=reverse("rule", args=(one.slug,)),
        under=f"{SEVERITIES[one.severity]} · {OUTCOMES[one.foretells]} · {ROLES[one.owner].title}",
        alarms=words.whole(figures["alarms"]) if figures else "–",
        right=_share(precision) if precision and one.foretells != "nothing" else "–",
        settled=speech.told(
            "%(right)s of %(settled)s",
            right=words.whole(figures["right"]),
            settled=words.whole(figures["settled"]),
        )
        if precision and one.foretells != "nothing"
        else "",
        chance=words.percent(100 * figures["by_chance"]) if figures.get("by_chance") is not None else "–",
        acted=words.percent(100 * figures["acted"] / told) if told else "–",
        answered=speech.told(
            "%(answered)s of %(told)s answered",
            answered=words.whole(figures["answered"]),
            told=words.whole(told),
        )
        if told
        else "",
        renewed=words.short_money(one.renewed) if one.renewed else "–",
        a_week=words.exact(figures["a_week_per_csm"], 1)
        if figures.get("a_week_per_csm") is not None
        else "–",
        retire=" ".join(one.retire),
        rest=reverse("rule-rest", args=(one.slug,)),
    )


def _share(found: dict[str, float]) -> str:
    return speech.told(
        "%(share)s (%(low)s to %(high)s)",
        share=words.percent(100 * found["share"]),
        low=words.percent(100 * found["low"]),
        high=words.percent(100 * found["high"]),
    )
