"""Champion watch and drift, to the figure: leavers are noticed in the first week, drift after two weeks unconfirmed."""

from datetime import timedelta
from typing import Any

import pytest

from keepwell.ledger.actions import accounts
from keepwell.packs import actions as packs
from keepwell.pipeline.actions import advance
from keepwell.signals.models import Firing
from tests import world
from tests.metrics.happenings import event, happen
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
GIVEN: dict[str, Any] = {"source": "crm", "by": TESTS, "at": NOW - 2 * DAY, "vouched": True}


def champion(account: str) -> Any:
    return event(account, "stance.changed", 200, person=f"{account}-c", feature="champion")


def fired() -> set[tuple[str, str]]:
    """What is news, by rule and account."""
    return set(Firing.objects.filter(stood=False, ended_at=None).values_list("rule__slug", "account__key"))


def made(*keys: str, **more: Any) -> None:
    accounts.upsert(rows=[{"key": key, "name": key, **more} for key in keys], **GIVEN)


def test_who_left_or_fell_silent_is_noticed_within_the_first_week() -> None:
    world.build(at=NOW - 400 * DAY)
    packs.apply(pack="agency", by=TESTS, at=NOW - 2 * DAY)
    keys = ("left", "leave", "bounce", "declined-once", "declined-twice", "silent-42", "silent-43")
    made(*keys, since=TODAY - 300 * DAY)
    happen(*(champion(key) for key in keys), event("birch", "used", 1), at=NOW - 2 * DAY)
    happen(
        event("silent-42", "touchpoint.attended", 42, person="silent-42-c"),
        event("silent-43", "touchpoint.attended", 43, person="silent-43-c"),
        *(event(key, "touchpoint.attended", 20, person=f"{key}-c") for key in keys[:5]),
        at=NOW - 2 * DAY,
    )
    advance(at=NOW - 2 * DAY)
    assert fired() == set()
    happen(
        event("left", "person.left", 6, person="left-c"),
        event("leave", "person.on_leave", 6, person="leave-c"),
        event("bounce", "mail.bounced", 1, person="bounce-c"),
        event("declined-once", "touchpoint.declined", 6, person="declined-once-c"),
        event("declined-twice", "touchpoint.declined", 6, person="declined-twice-c"),
        event("declined-twice", "touchpoint.declined", 3, person="declined-twice-c"),
    )
    advance(at=NOW)
    found = {pair for pair in fired() if pair[0].startswith("champion-")}
    assert found == {
        ("champion-left", "left"),
        ("champion-on-leave", "leave"),
        ("champion-bounces", "bounce"),
        ("champion-declines", "declined-twice"),
        ("champion-silent", "silent-43"),
    }
    days = [
        (firing.at - (NOW - 6 * DAY)).days for firing in Firing.objects.filter(rule__slug="champion-left")
    ]
    assert days == [6], "it was told six days after she left, and noticed at once"


def test_two_weeks_without_a_confirmation_are_drift_in_the_build_phase_alone() -> None:
    world.build(at=NOW - 400 * DAY)
    packs.apply(pack="agency", by=TESTS, at=NOW - 2 * DAY)
    built = ("plan-14", "plan-15", "never", "new", "criteria-15")
    made(*built, phase="build", since=TODAY - 300 * DAY)
    made("new", phase="build", since=TODAY - 10 * DAY)
    made("live", "fresh", "stale", phase="steady-state", since=TODAY - 300 * DAY)
    happen(
        event("plan-14", "plan.confirmed", 14),
        event("plan-15", "plan.confirmed", 15),
        event("live", "plan.confirmed", 15),
        *(event(key, "plan.confirmed", 1) for key in ("criteria-15",)),
        *(event(key, "criterion.confirmed", 1, feature="c") for key in ("plan-14", "plan-15")),
        event("criteria-15", "criterion.confirmed", 15, feature="c"),
        event("fresh", "obligation.evidenced", 365, feature="gdpr"),
        event("stale", "obligation.evidenced", 366, feature="gdpr"),
        at=NOW - 1.5 * DAY,
    )
    advance(at=NOW - 2 * DAY)
    advance(at=NOW)
    rows = Firing.objects.filter(ended_at=None).values_list("rule__slug", "account__key")
    drifts = {pair for pair in rows if "drift" in pair[0]}
    assert drifts == {
        ("plan-drifts", "plan-15"),
        ("plan-drifts", "never"),
        ("criteria-drift", "criteria-15"),
        ("criteria-drift", "never"),
        ("compliance-drifts", "stale"),
    }
