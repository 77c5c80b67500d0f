"""A customer that left is looked back on: what was knowable when, the first signal, the missed alarm, what was done."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from keepwell.drafting import autopsy_report
from keepwell.ledger.actions import contracts, relay, touchpoints
from keepwell.packs import actions as packs
from keepwell.plays.actions import autopsies as deeds
from keepwell.plays.formulas import autopsy
from keepwell.plays.formulas.autopsy import Act, Departed, Health, Signal
from keepwell.plays.models import Autopsy
from keepwell.plays.queries import autopsies
from keepwell.signals.models import Firing, Rule
from tests import world
from tests.metrics.happenings import event, happen
from tests.world import NOW, TESTS, TODAY

DAY = timedelta(days=1)
LEFT = TODAY - 40 * DAY
GONE = Departed(LEFT, LEFT, "A customer has left when its contract ended.")


def ago(days: int) -> datetime:
    """So many days before it left."""
    return NOW - (40 + days) * DAY


def signal(days: int) -> Signal:
    return Signal(ago(days), "champion-left", "A champion left", "high", "A champion left", False)


@pytest.mark.parametrize(
    ("signals", "acts", "watched", "missed", "lead", "response"),
    [
        ([], [], False, "no_rule", None, None),
        ([], [Act(ago(30), "touchpoint", "Call")], True, "no_firing", None, None),
        ([signal(60)], [], True, "no_response", 60, None),
        ([signal(60)], [Act(ago(50), "incident", "Red"), Act(ago(70), "task", "Old")], True, "no_response", 60, None),
        ([signal(60), signal(90)], [Act(ago(70), "touchpoint", "Call")], True, "late_response", 90, 20),
        ([signal(60)], [Act(ago(46), "task", "Call them")], True, "none", 60, 14),
    ],
)  # fmt: skip
def test_the_missed_alarm_has_a_name(
    signals: list[Signal], acts: list[Act], watched: bool, missed: str, lead: int | None, response: int | None
) -> None:
    found = autopsy.findings(GONE, health=[], signals=signals, acts=acts, watched=watched)
    assert (found["missed"], found["lead_days"], found["response_days"]) == (missed, lead, response)


@pytest.mark.parametrize(
    ("bands", "knowable"),
    [
        (["green", "yellow", "red"], 56),
        (["yellow", "green", "red"], 28),
        (["yellow", "unknown", "red"], 84),
        (["red", "red", "green"], None),
        (["unknown", "unknown", "unknown"], None),
    ],
)
def test_what_was_knowable_is_since_when_it_was_never_healthy_again(
    bands: list[str], knowable: int | None
) -> None:
    days: list[date] = [LEFT - timedelta(days=28 * n) for n in (3, 2, 1)]
    health = [Health(day, 50.0, band) for day, band in zip(days, bands, strict=True)]
    found = autopsy.findings(GONE, health=health, signals=[], acts=[], watched=True)
    assert found["known_lead_days"] == knowable


@pytest.mark.django_db
def test_elm_left_and_is_looked_back_on_once() -> None:
    cast = world.build(at=NOW - 400 * DAY)
    packs.apply(pack="saas", by=TESTS, at=NOW - 300 * DAY)
    given: dict[str, Any] = {"source": "crm", "by": TESTS, "at": NOW - 300 * DAY, "vouched": True}
    terms = {"arr": 45_000, "start_date": TODAY - 400 * DAY, "end_date": LEFT}
    contracts.upsert(rows=[{"key": "c", "account": "elm", **terms}], **given)
    call = {"key": "t", "account": "elm", "kind": "call", "subject": "Check-in", "held_at": ago(55)}
    touchpoints.upsert(rows=[call], **{**given, "at": ago(55)})
    happen(event("elm", "used", 300, person="p"), event("birch", "used", 1, person="q"))
    relay.all_waiting(at=NOW)
    rule = Rule.objects.select_related("published").get(slug="champion-left")
    assert rule.published is not None
    Firing.objects.create(
        rule=rule,
        version=rule.published,
        account=cast.elm,
        at=ago(60),
        sentence="A champion left",
        evidence={},
    )
    assert deeds.look(at=NOW) == 1
    assert deeds.look(at=NOW) == 0
    (found,) = autopsies.everything(seen_by=cast.scope("ada"))
    assert (found.account_key, found.left_on, found.missed, found.lead_days) == ("elm", LEFT, "none", 60)
    assert str(found.arr) == "$45,000"
    assert [act["what"] for act in found.findings["acts"]] == ["Check-in"]
    told = autopsies.lessons((found,))
    assert (told.count, told.signalled, told.responded, told.in_time, told.median_lead_days) == (
        1,
        1,
        1,
        1,
        60,
    )
    assert autopsies.everything(seen_by=cast.scope("cleo")) == ()
    report = autopsy_report.pdf(found, at=NOW)
    assert report.startswith(b"%PDF")
    assert report == autopsy_report.pdf(found, at=NOW)
    assert Autopsy.objects.count() == 1
