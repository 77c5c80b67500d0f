"""The stories of the specification, lived day by day: the alarm comes on or before the day on which the story says so."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from keepwell.cockpit.queries import today
from keepwell.faces.web.pages.today import days_of
from keepwell.ledger.actions import accounts, contracts, tickets, touchpoints
from keepwell.ledger.event import Event
from keepwell.ledger.models import Account
from keepwell.packs import actions as packs
from keepwell.pipeline.actions import advance
from keepwell.plays.actions import deliveries
from keepwell.plays.models import Delivery
from keepwell.signals.models import Firing
from tests import world
from tests.metrics.happenings import event, happen
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
BEGAN = NOW - 270 * DAY


def live(said: Iterable[Event], *, looked: Sequence[int]) -> None:
    """Tell each event on its day, and look so many days ago, as the worker would have; earlier ones are told at first."""
    left = sorted(said, key=lambda one: one.at)
    for ago in looked:
        moment = NOW - ago * DAY
        happen(*(one for one in left if one.at <= moment), at=moment)
        left = [one for one in left if one.at > moment]
        advance(at=moment)
        deliveries.deliver(at=moment)


def use(account: str, days: range, people: int) -> Iterator[Event]:
    for ago in days:
        for number in range(people):
            yield event(account, "report.exported", ago, person=f"{account}-{number}", vouched=False)


def person(account: str, name: str, ago: float, who: str = "champion", **more: Any) -> Event:
    return event(account, name, ago, person=f"{account}-{who}", vouched=False, **more)


def first(rule: str, account: str) -> datetime:
    """When a rule first fired for an account, as news."""
    found = Firing.objects.filter(rule__slug=rule, account__key=account, stood=False).earliest("at")
    return found.at


def begin(pack: str) -> World:
    cast = world.build(at=BEGAN)
    packs.apply(pack=pack, by=TESTS, at=BEGAN)
    return cast


def sign(account: str, **terms: Any) -> None:
    row = {"key": f"c-{account}", "account": account, "start_date": BEGAN.date(), "currency": "USD", **terms}
    contracts.upsert(rows=[row], source="crm", by=TESTS, at=BEGAN, vouched=True)


def waits(cast: World, account: str) -> set[str]:
    """What Ada's list says of an account, of its signals."""
    found = today.today(seen_by=cast.scope("ada"), now=NOW, days=days_of(NOW))
    return {
        row.offer.what
        for row in found.rows
        if row.source == "signals" and row.offer.stake and row.offer.stake.key == account
    }


def test_silent_churn_the_champion_s_leave_and_declined_invitations_are_alarms_within_the_week() -> None:
    cast = begin("agency")
    launch = 49
    said = [
        person("elm", "stance.changed", 200, feature="champion"),
        *(person("elm", "touchpoint.attended", launch - week * 7) for week in range(4)),
        person("elm", "touchpoint.declined", launch - 29),
        person("elm", "touchpoint.declined", launch - 34),
        person("elm", "person.on_leave", launch - 34),
        *use("elm", range(1, 40), 2),
        *use("birch", range(1, 49), 4),
    ]
    live(said, looked=(49, 35, 21, 19, 15, 14, 7, 0))
    assert first("champion-declines", "elm") <= NOW - (launch - 35) * DAY, "in the fifth week after launch"
    assert first("champion-on-leave", "elm") <= NOW - (launch - 35) * DAY
    assert "A champion is on leave" in waits(cast, "elm")
    assert not Firing.objects.filter(account=cast.birch, rule__slug__startswith="champion").exists()


def test_a_use_case_that_nobody_planned_is_heard_in_the_review() -> None:
    cast = begin("agency")
    live(use("elm", range(1, 60), 3), looked=(30, 2))
    row = {
        "key": "review", "account": "elm", "kind": "review", "held_at": NOW - DAY / 4,
        "next_step": "Find out whether recordings can serve their legal discovery",
    }  # fmt: skip
    touchpoints.upsert(rows=[row], source="crm", by=TESTS, at=NOW - DAY / 8, vouched=False)
    live([], looked=(0,))
    assert first("new-use-case-heard", "elm") == NOW
    assert "A new use case was heard" in waits(cast, "elm")


def test_twenty_tickets_in_the_week_of_launch_are_an_alarm_before_the_week_is_over() -> None:
    cast = begin("agency")
    live(use("elm", range(7, 40), 3), looked=(8,))
    for ago in range(6, -1, -1):
        rows = [
            {
                "key": f"t{ago}-{number}", "account": "elm", "kind": "question", "severity": "low",
                "opened_at": NOW - ago * DAY - DAY / 4,
            }
            for number in range(4)
        ]  # fmt: skip
        tickets.upsert(rows=rows, source="desk", by=TESTS, at=NOW - ago * DAY - DAY / 8, vouched=False)
        if ago in (4, 2, 1, 0):
            live([], looked=(ago,))
    assert NOW - 3 * DAY < first("ticket-flood", "elm") <= NOW - DAY
    assert "Support is flooded" in waits(cast, "elm")


def test_techcorp_is_found_when_its_champion_goes_and_when_its_use_falls() -> None:
    cast = begin("saas")
    sign("willow", arr=45_000, end_date=TODAY + 90 * DAY, seats=20)
    sign("birch", arr=45_000, end_date=TODAY + 90 * DAY, seats=20)
    said = [
        person("willow", "stance.changed", 200, feature="champion"),
        *use("willow", range(61, 150), 11),
        *use("willow", range(1, 61), 6),
        *use("birch", range(1, 150), 8),
        person("willow", "person.left", 42),
    ]
    live(said, looked=(63, 43, 41, 34, 28, 14, 0))
    assert first("champion-left", "willow") <= NOW - 35 * DAY, "within the first week"
    assert first("high-value-declining", "willow") <= NOW - 28 * DAY, "long before the renewal"
    told = Delivery.objects.filter(firing__account=cast.willow, user=cast.ada, state="delivered")
    soon = told.filter(ended_at__lte=NOW - 28 * DAY).values_list("firing__rule__slug", flat=True)
    assert {"champion-left", "high-value-declining"} <= set(soon), "while both held"
    fired = Firing.objects.filter(account=cast.birch, stood=False).values_list("rule__slug", flat=True)
    assert set(fired) & {"champion-left", "high-value-declining"} == set()


def test_tech_touch_flags_those_who_can_grow_and_ranks_them_by_what_they_bring() -> None:
    cast = begin("saas")
    keys = [f"self{number:02}" for number in range(30)]
    accounts.upsert(
        rows=[{"key": key, "since": BEGAN.date()} for key in keys],
        source="crm",
        by=TESTS,
        at=BEGAN,
        vouched=True,
    )
    for number, key in enumerate(keys):
        sign(key, arr=500 + 100 * number, seats=3)
        accounts.assign(account=Account.objects.get(key=key), user=cast.ada, role="csm", by=TESTS, at=BEGAN)
    near = keys[::6]
    said = [one for key in keys for one in use(key, range(29, 60), 1)]
    said += [one for key in near for one in use(key, range(1, 29), 3)]
    said += [one for key in set(keys) - {*near} for one in use(key, range(1, 29), 1)]
    live(said, looked=(29, 13, 0))
    flagged = Firing.objects.filter(rule__slug="expansion-near-limit", stood=False, ended_at=None)
    assert set(flagged.values_list("account__key", flat=True)) == set(near)
    found = today.today(seen_by=cast.scope("ada"), now=NOW, days=days_of(NOW))
    ranked = [
        row.offer.stake.key
        for row in found.rows
        if row.offer.what == "Use near the limit, engagement high" and row.offer.stake
    ]
    assert ranked == sorted(ranked, reverse=True), "who brings more comes first"
    assert set(ranked) <= set(near)
