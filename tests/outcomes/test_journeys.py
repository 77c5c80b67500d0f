"""What is declared of journeys, the path of an account, what went against it, and the deeds on frictions."""

from datetime import date, timedelta
from typing import Any

import pytest

from keepwell.access.models import AuditEntry
from keepwell.hooks import registry
from keepwell.intake.actions import records
from keepwell.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from keepwell.kernel.moments import end_of
from keepwell.ledger import frames
from keepwell.ledger.actions import accounts, relay
from keepwell.metrics.actions import values
from keepwell.outcomes import models
from keepwell.outcomes.actions import journeys as deeds
from keepwell.outcomes.queries import account_journey, journeys
from keepwell.outcomes.queries.account_journey import AccountJourney
from keepwell.packs import actions as packs
from keepwell.packs import loading, writing
from keepwell.plays.actions import cadences
from keepwell.segments.actions import phases, segments
from tests import world as cast
from tests.metrics.happenings import happen, uses
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CADENCE: dict[str, Any] = {
    "phases": [
        {"slug": "start", "title": "Start", "names": ["start"], "from_day": 0, "until_day": 90},
        {"slug": "use", "title": "Use", "names": ["use"], "from_day": 90},
    ]
}
SAID: dict[str, Any] = {
    "first_value": {"metric": "days_to_first_use", "weeks": 8},
    "phases": [
        {
            "slug": "use", "expected_days": 100, "entry": "They began.", "exit": "They use it daily.",
            "exit_when": {"of": "metric.active_days", "at_least": 3},
        }
    ],
}  # fmt: skip


@pytest.fixture
def world() -> World:
    return cast.build()


def declared() -> None:
    cadences.declare(definition=CADENCE, by=TESTS, at=NOW)
    deeds.declare(definition=SAID, by=TESTS, at=NOW)


def put(kind: str, *rows: dict[str, Any]) -> None:
    told = records.put(kind=kind, rows=list(rows), source="tests", by=TESTS, at=NOW)
    assert {one.outcome for one in told} == {"created"}, told
    relay.all_waiting(at=NOW)


def of(key: str = "willow", *, day: date = TODAY, scope: Any = TESTS, **more: Any) -> AccountJourney:
    return account_journey.find(key=key, seen_by=scope, day=day, **more)


def test_willow_stalls_in_its_phase_until_its_end_is_there(world: World) -> None:
    declared()
    found = of()
    assert [(one.phase, one.since, one.until, one.by) for one in found.stays] == [
        ("start", date(2025, 1, 6), date(2025, 4, 6), "days"),
        ("use", date(2025, 4, 6), None, "days"),
    ]
    assert (found.state, found.stays[-1].over) == ("stalled", (TODAY - date(2025, 4, 6)).days - 100)
    assert (found.exit.said, found.exit.holds) == ("They use it daily.", None)
    happen(*(uses("willow", ago) for ago in range(1, 9)))
    values.refresh(since_by_account=None, as_of=TODAY)
    after = of()
    assert (after.state, after.exit.holds) == ("ready", True)
    assert "Active days" in after.exit.because[0]
    assert of(day=date(2025, 5, 1)).state == "under_way"


def test_the_end_is_judged_as_it_was_known_then(world: World) -> None:
    declared()
    happen(*(uses("willow", ago) for ago in range(1, 9)))
    yesterday, before = TODAY - DAY, TODAY - DAY * 20
    assert of(day=yesterday, known_by=end_of(yesterday)).exit.holds is True
    assert of(day=before, known_by=end_of(before)).exit.holds is not True


def test_phases_by_rule_and_by_hand_stand_in_the_path(world: World) -> None:
    declared()
    segments.save(slug="use", title="Uses it", condition={"of": "name", "known": True}, by=TESTS, at=NOW)
    phases.declare(slugs=["use"], by=TESTS, at=NOW)
    phases.override(account="willow", phase="use", reason="They said so.", by=TESTS, at=NOW)
    last = of().stays[-1]
    assert (last.phase, last.by, last.until) == ("use", "days", None)
    assert journeys.known_phases().title("use") == "Use"
    assert of("birch").stays[-1].by == "days"


def test_what_came_in_changes_the_path_from_that_day_on_and_not_before_it_was_known(world: World) -> None:
    declared()
    row = {"key": "willow", "name": "Willow", "since": date(2025, 1, 6), "phase": "start"}
    accounts.upsert(rows=[row], source="tests", by=TESTS, at=NOW - DAY * 30, vouched=False)
    accounts.upsert(rows=[{**row, "phase": "use"}], source="tests", by=TESTS, at=NOW - DAY * 5, vouched=False)
    relay.all_waiting(at=NOW)
    assert [(one.phase, one.since) for one in of().stays][-1] == ("use", (NOW - DAY * 5).date())
    assert of(day=TODAY - DAY * 10).stays[-1].phase == "start"
    then = of(day=TODAY, known_by=NOW - DAY * 6)
    assert then.stays[-1].phase == "start"


def test_frictions_follow_from_facts_and_each_names_its_row(world: World) -> None:
    declared()
    put("people", {"key": "dora", "name": "Dora", "account": "willow", "stance": "champion"})
    put("people", {"key": "emil", "name": "Emil", "account": "willow"})
    at = (NOW - DAY * 20).isoformat()
    put("tickets", {"key": "t1", "account": "willow", "opened_at": at, "escalated": True})
    put("tickets", *({"key": f"m{n}", "account": "willow", "opened_at": at} for n in range(7)))
    put("surveys", {"key": "s1", "account": "willow", "kind": "nps", "score": 3, "answered_at": at})
    put("surveys", {"key": "s2", "account": "willow", "kind": "nps", "score": 8, "answered_at": at})
    put("milestones", {"key": "m1", "account": "willow", "title": "Launch", "due_date": "2026-06-01"})
    found = of()
    told = {(one.kind, one.key) for one in found.frictions if one.kind != "cadence"}
    assert told == {("escalation", "t1"), ("tickets", ""), ("survey", ""), ("milestone", "m1")}
    heavy = next(one for one in found.frictions if one.kind == "tickets")
    assert heavy.value == 8
    assert len(found.stays[-1].frictions) == len(found.frictions)
    assert not [one for one in of("birch").frictions if one.kind != "cadence"]
    assert not [one for one in of(day=TODAY - DAY * 25).frictions if one.kind == "escalation"]


def test_a_champion_who_leaves_is_a_friction_and_another_is_not(world: World) -> None:
    declared()
    put("people", {"key": "dora", "name": "Dora", "account": "willow", "stance": "champion"})
    put("people", {"key": "emil", "name": "Emil", "account": "willow"})
    records.put(
        kind="people",
        rows=[{"key": key, "account": "willow", "status": "left"} for key in ("dora", "emil")],
        source="tests", by=TESTS, at=NOW + DAY,
    )  # fmt: skip
    relay.all_waiting(at=NOW + DAY)
    (one,) = [one for one in of(day=TODAY + DAY).frictions if one.kind == "champion"]
    assert one.person == "Dora"


def test_a_friction_is_noted_settled_reopened_and_taken_back(world: World) -> None:
    declared()
    ada: Any = {"by": world.scope("ada"), "at": NOW}
    number = deeds.note(account="willow", text=" They lost a week. ", on=TODAY - DAY, **ada)
    (one,) = [one for one in of().frictions if one.id == number]
    assert (one.text, one.by, one.until) == ("They lost a week.", "Ada", None)
    assert of(known_by=NOW - DAY).frictions == tuple(
        x for x in of(known_by=NOW - DAY).frictions if x.id is None
    )
    told: Any = {"account": "willow", "friction_id": number, **ada}
    with pytest.raises(Invalid, match="Name a day"):
        deeds.settle(on=TODAY - DAY * 3, **told)
    deeds.settle(on=TODAY, text="A credit", **told)
    with pytest.raises(Conflict):
        deeds.settle(on=TODAY, **told)
    assert next(one for one in of().frictions if one.id == number).settled == "A credit"
    deeds.reopen(**told)
    with pytest.raises(Conflict):
        deeds.reopen(**told)
    assert deeds.withdraw_friction(**told)["text"] == "They lost a week."
    assert not models.Friction.objects.exists()
    relay.all_waiting(at=NOW)
    names = (
        frames.events(until=NOW + DAY, accounts=[world.willow.pk], kind="fact").to_native().collect()["name"]
    )
    assert {"friction.noted", "friction.settled", "friction.reopened", "friction.withdrawn"} <= set(names)
    for wrong in ("", "x" * 2001):
        with pytest.raises(Invalid):
            deeds.note(account="willow", text=wrong, on=TODAY, **ada)
    with pytest.raises(Invalid, match="to come"):
        deeds.note(account="willow", text="x", on=TODAY + DAY, **ada)


def test_cleo_finds_nothing_of_it(world: World) -> None:
    declared()
    cleo = world.scope("cleo")
    number = deeds.note(account="willow", text="x", on=TODAY, by=TESTS, at=NOW)
    for deed in (
        lambda: of(scope=cleo),
        lambda: deeds.note(account="willow", text="x", on=TODAY, by=cleo, at=NOW),
        lambda: deeds.settle(account="willow", friction_id=number, on=TODAY, by=cleo, at=NOW),
        lambda: deeds.withdraw_friction(account="willow", friction_id=number, by=cleo, at=NOW),
    ):
        with pytest.raises(NotFound):
            deed()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"x": 1}, "not known"),
        ({"phases": [{"slug": "a"}, {"slug": "a"}]}, "there twice"),
        ({"phases": [{"slug": "a", "expected_days": 0}]}, "whole number"),
        ({"phases": [{"slug": "a", "entry": 3}]}, "is a text"),
        ({"phases": [{"slug": "a", "exit_when": {"of": "nothing", "is": 1}}]}, "exit_when"),
        ({"first_value": {}}, "either"),
        ({"first_value": {"metric": "active_people"}}, "counts days"),
        ({"first_value": {"metric": "days_to_first_use", "milestone": "x"}}, "either"),
    ],
)
def test_what_contradicts_itself_is_refused_by_its_place(world: World, wrong: Any, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        deeds.declare(definition=wrong, by=TESTS, at=NOW)
    assert journeys.declared() is None


def test_declaring_is_for_few_kept_with_its_history_and_holds_its_metrics(world: World) -> None:
    with pytest.raises(Forbidden):
        deeds.declare(definition=SAID, by=world.scope("ada"), at=NOW)
    declared()
    deeds.declare(definition=SAID, by=TESTS, at=NOW + DAY)
    assert AuditEntry.objects.filter(deed="journey.declare").count() == 1
    (use,) = [one for one in registry.uses() if one.key == "journey"]
    assert set(use.metrics) == {"days_to_first_use", "active_days"}
    deeds.withdraw(by=TESTS, at=NOW + DAY)
    assert journeys.everything()[0].declared_at is None
    assert journeys.in_force().first_value.metric == "days_to_activation"
    with pytest.raises(NotFound):
        deeds.withdraw(by=TESTS, at=NOW)


@pytest.mark.parametrize("pack", ["saas", "agency"])
def test_a_pack_brings_the_journey_and_writes_it_the_same(world: World, pack: str) -> None:
    packs.apply(pack=pack, by=TESTS, at=NOW)
    loaded = loading.find(pack)
    assert loaded.journey is not None
    assert journeys.declared() == loaded.journey.written
    cadence = loaded.cadence
    assert cadence is not None
    assert {one.slug for one in loaded.journey.phases} == {one.slug for one in cadence.phases}
    assert "journey.toml" in writing.files(slug="own", title="Own", sentence="Ours.", seen_by=TESTS)
