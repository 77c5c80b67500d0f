"""Every rule of both packs, on facts made by hand: it fires for the account that it is for, and not for a healthy one."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from keepwell.health.actions import overrides, scorecards
from keepwell.ledger.actions import accounts, contracts, invoices, milestones, surveys, tickets, touchpoints
from keepwell.ledger.event import Event
from keepwell.metrics.actions import settings
from keepwell.outcomes import document
from keepwell.outcomes.actions import plans, progress
from keepwell.packs import actions as packs
from keepwell.packs import loading
from keepwell.pipeline.actions import advance
from keepwell.plays.queries import incidents
from keepwell.signals.models import Firing
from tests import world
from tests.health.test_scores import TOUCH, card
from tests.metrics.happenings import event, happen
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
GIVEN: dict[str, Any] = {"source": "crm", "by": TESTS, "at": NOW - DAY, "vouched": True}
FEATURES = ["a", "b", "c", "d"]
FALL = "falls-into-red"
BIRTH = date(2025, 1, 6)


def use(account: str, days: range, people: int, features: int = 1) -> Iterator[Event]:
    """So many people use so many features on each of these days ago."""
    for ago in days:
        for person in range(people):
            yield event(
                account,
                "used",
                ago,
                person=f"{account}-{person}",
                feature=FEATURES[(ago + person) % features],
            )


def person(account: str, name: str, days_ago: float, **more: Any) -> Event:
    return event(account, name, days_ago, person=f"{account}-champion", **more)


def champion(account: str) -> Event:
    return person(account, "stance.changed", 200, feature="champion")


def sign(account: str, **terms: Any) -> None:
    row = {"key": f"c-{account}", "account": account, "start_date": BIRTH, "arr": 1000, **terms}
    contracts.upsert(rows=[row], **GIVEN)


def make(pack: str) -> list[str]:
    """An account for each rule, and Birch, who is well."""
    world.build(at=NOW - 400 * DAY)
    packs.apply(pack=pack, by=TESTS, at=NOW - 2 * DAY)
    settings.save(metric="core_feature_adoption", parameters={"features": FEATURES}, by=TESTS, at=NOW)
    slugs = [rule.slug for rule in loading.find(pack).rules if rule.slug != FALL]
    rows = [{"key": slug, "name": slug, "since": BIRTH} for slug in slugs]
    accounts.upsert(rows=rows, **GIVEN)
    happen(*use("birch", range(1, 150), 6, 4), person("birch", "stance.changed", 200, feature="champion"))
    sign("birch", seats=10, limits={"active_people": 10})
    meet("birch", 10)
    _relations()
    return slugs


def meet(account: str, days_ago: int, **more: Any) -> None:
    row = {
        "key": f"t-{account}-{days_ago}",
        "account": account,
        "kind": "call",
        "held_at": NOW - days_ago * DAY,
    }
    touchpoints.upsert(rows=[row | more], **GIVEN)


def _relations() -> None:
    happen(
        *(champion(f"champion-{how}") for how in ("left", "on-leave", "declines", "silent", "bounces")),
        person("champion-left", "person.left", 5),
        person("champion-on-leave", "person.on_leave", 5),
        person("champion-declines", "touchpoint.declined", 5),
        person("champion-declines", "touchpoint.declined", 15),
        person("champion-silent", "touchpoint.attended", 60),
        person("champion-bounces", "mail.bounced", 3),
        at=NOW - DAY,
    )
    line = {"title": "Cost", "better": "down", "trigger": 100}
    told = document.read({"objectives": [{"title": "Cheaper", "indicators": [line]}]})
    plans.save(account="indicator-past-alarm", doc=told, by=TESTS, at=NOW - 2 * DAY)
    progress.read(
        account="indicator-past-alarm",
        indicator="cost",
        value=120,
        on=TODAY,
        evidence="Invoice",
        by=TESTS,
        at=NOW - DAY / 2,
    )
    meet("new-use-case-heard", 4, subject="Could we use it for legal discovery too?")


def stand(**bands: str) -> None:
    """Somebody says where accounts stand."""
    for account, band in bands.items():
        overrides.override(
            account=account.replace("_", "-"), band=band, reason="Known", expires_on=TODAY + 9 * DAY, by=TESTS,
            at=NOW - DAY / 2,
        )  # fmt: skip


def fired() -> set[tuple[str, str]]:
    return set(Firing.objects.filter(stood=False, ended_at=None).values_list("rule__slug", "account__key"))


def run(**bands: str) -> set[tuple[str, str]]:
    advance(at=NOW - DAY)
    stand(**bands)
    advance(at=NOW)
    return fired()


def test_each_rule_of_the_saas_pack_fires_for_whom_it_is() -> None:
    slugs = make("saas")
    sign("high-value-declining", arr=6000)
    sign("expansion-near-limit", seats=6)
    sign("plan-too-small", seats=6)
    sign("limit-near", limits={"active_people": 5, "nobody_measures_this": 1})
    sign("plan-too-large", seats=100)
    sign("renewal-at-risk", end_date=TODAY + 30 * DAY)
    happen(
        *use("high-value-declining", range(29, 80), 10),
        *use("high-value-declining", range(1, 29), 5),
        *use("expansion-near-limit", range(1, 40), 6),
        *use("plan-too-small", range(1, 90), 6),
        *use("limit-near", range(1, 20), 4),
        *use("plan-too-large", range(1, 200), 10),
        *use("new-use-seen", range(60, 140), 2, 1),
        *use("new-use-seen", range(1, 30), 2, 3),
        *use("new-department", range(29, 80), 5),
        *use("new-department", range(1, 20), 12),
        *use("goes-silent", range(40, 80), 3),
        at=NOW - DAY,
    )
    ticket = {
        "key": "k",
        "account": "critical-ticket-open",
        "severity": "critical",
        "opened_at": NOW - 4 * DAY,
    }
    tickets.upsert(rows=[ticket], **GIVEN)
    bill = {
        "key": "i", "account": "invoice-overdue", "issued_date": TODAY - 60 * DAY, "due_date": TODAY - 30 * DAY,
        "amount": 10,
    }  # fmt: skip
    invoices.upsert(rows=[bill], **GIVEN)
    answer = {"key": "s", "account": "advocate", "kind": "nps", "score": 10, "answered_at": NOW - 9 * DAY}
    surveys.upsert(rows=[answer], **GIVEN)
    found = run(renewal_at_risk="yellow", advocate="green")
    assert {slug for slug in slugs if (slug, slug) not in found} == set()
    assert {rule for rule, account in found if account == "birch"} == set()


def test_each_rule_of_the_agency_pack_fires_for_whom_it_is() -> None:
    slugs = make("agency")
    rows = [{"key": key, "phase": "build"} for key in ("plan-drifts", "criteria-drift")]
    accounts.upsert(rows=rows, **GIVEN)
    sign("renewal-at-risk", end_date=TODAY + 30 * DAY)
    happen(
        event("plan-drifts", "plan.confirmed", 20),
        event("birch", "plan.confirmed", 20),
        event("criteria-drift", "criterion.confirmed", 16, feature="c1"),
        event("compliance-drifts", "obligation.evidenced", 400, feature="gdpr"),
        at=NOW - DAY,
    )
    late = {"key": "m", "account": "milestone-overdue", "title": "Go-live", "due_date": TODAY - 9 * DAY}
    milestones.upsert(rows=[late], **GIVEN)
    asked = {"account": "ticket-flood", "kind": "question", "opened_at": NOW - 3 * DAY}
    tickets.upsert(rows=[{"key": f"q{number}", **asked} for number in range(20)], **GIVEN)
    found = run(renewal_at_risk="yellow")
    assert {slug for slug in slugs if (slug, slug) not in found} == set()
    assert {rule for rule, account in found if account == "birch"} == set()


@pytest.mark.parametrize("pack", loading.shipped())
def test_a_fall_into_red_fires_and_opens_an_incident(pack: str) -> None:
    world.build(at=NOW - 400 * DAY)
    card(TOUCH, at=NOW - 400 * DAY)
    packs.apply(pack=pack, by=TESTS, at=NOW - 60 * DAY)
    scorecards.put_in_order(order=["ours", f"{pack}-health"], by=TESTS, at=NOW - 60 * DAY)
    happen(event("elm", "touchpoint.held", 50), event("birch", "touchpoint.held", 3), at=NOW - 49 * DAY)
    advance(at=NOW - 49 * DAY)
    advance(at=NOW)
    assert {account for rule, account in fired() if rule == FALL} == {"elm"}
    assert [one.account_key for one in incidents.open_ones(seen_by=TESTS)] == ["elm"]
