"""A fall into red is an incident: one, with a clock, closed only with a cause and a plan."""

from datetime import datetime, timedelta

import pytest

from keepwell.access.models import AuditEntry
from keepwell.kernel import errors
from keepwell.ledger.actions import accounts, contracts, events, tickets, touchpoints
from keepwell.ledger.event import Event
from keepwell.metrics.actions import settings
from keepwell.packs import actions as packs
from keepwell.pipeline.actions import advance, rebuild
from keepwell.plays.actions import incidents, tasks
from keepwell.plays.queries import incidents as reads
from tests import world
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db
FEATURES = [f"f{i}" for i in range(4)]


def use(account: str, at: datetime, *, days: int) -> list[Event]:
    """Ten people of an account use every core feature on each of so many days."""
    return [
        Event(
            id=f"{account}-{at:%j}-{day}-{person}",
            account=account,
            person=f"{account}-{person}",
            name="used",
            feature=FEATURES[(day + person) % 4],
            at=at - timedelta(days=day),
            source="app",
            vouched=True,
        )
        for day in range(days)
        for person in range(10)
    ]


@pytest.fixture
def cast() -> world.World:
    """Willow used the product well until seven weeks ago, and is seen green then."""
    made = world.build(at=NOW - timedelta(days=60))
    packs.apply(pack="saas", by=TESTS, at=NOW - timedelta(days=60))
    settings.save(metric="core_feature_adoption", parameters={"features": FEATURES}, by=TESTS, at=NOW)
    then = NOW - timedelta(days=50)
    given = {"source": "crm", "by": TESTS, "at": then, "vouched": True}
    terms = {"seats": 10, "arr": 50_000, "start_date": then.date() - timedelta(days=300)}
    contracts.upsert(rows=[{"key": "c", "account": "willow", **terms}], **given)
    touchpoints.upsert(rows=[{"key": "t", "account": "willow", "kind": "call", "held_at": then}], **given)
    tickets.upsert(rows=[{"key": "k", "account": "birch", "opened_at": then}], **given)
    events.append(events=use("willow", then, days=28), received_at=then)
    advance(at=then)
    return made


def escalate(at: datetime) -> None:
    rows = [{"key": f"x{i}", "account": "willow", "opened_at": at, "escalated": True} for i in range(15)]
    tickets.upsert(rows=rows, source="desk", by=TESTS, at=at, vouched=False)


def test_willow_falls_into_red_and_one_incident_opens_with_its_clock(cast: world.World) -> None:
    for day in range(50):
        advance(at=NOW - timedelta(days=49 - day))
    escalate(NOW)
    advance(at=NOW)
    advance(at=NOW + timedelta(hours=1))
    (found,) = reads.open_ones(seen_by=cast.scope("ada"))
    assert found.account_key == "willow"
    assert found.due_at - found.opened_at == timedelta(hours=24)
    assert found.evidence["to"] == "red"
    assert {part["metric"] for part in found.evidence["parts"]} >= {"active_days", "escalations_per_month"}
    assert [task.assignee for task in found.tasks] == ["Ada"] * len(found.tasks)
    assert reads.open_ones(seen_by=cast.scope("cleo")) == ()


def opened(cast: world.World) -> reads.IncidentView:
    escalate(NOW)
    advance(at=NOW)
    return reads.open_ones(seen_by=cast.scope("ada"))[0]


def test_an_incident_is_closed_with_cause_and_plan_once(cast: world.World) -> None:
    found, ada = opened(cast), cast.scope("ada")
    with pytest.raises(errors.Invalid, match="Missing: plan"):
        incidents.close(
            incident_id=found.id, cause_kind="champion", cause="Champion left", plan=" ", by=ada, at=NOW
        )
    with pytest.raises(errors.NotFound):
        incidents.close(incident_id=found.id, cause="x", plan="y", by=cast.scope("cleo"), at=NOW)
    said = {"cause_kind": "champion", "cause": "Champion left", "plan": "Find a new one"}
    incidents.close(incident_id=found.id, **said, by=ada, at=NOW)
    with pytest.raises(incidents.AlreadyClosed):
        incidents.close(incident_id=found.id, cause="x", plan="y", by=ada, at=NOW)
    assert reads.open_ones(seen_by=ada) == ()
    closed = reads.recently_closed(seen_by=ada)[0]
    assert (closed.cause, closed.plan, closed.closed_by) == ("Champion left", "Find a new one", "Ada")
    assert AuditEntry.objects.filter(deed="incident.close").count() == 1


def test_a_task_is_completed_and_reopened(cast: world.World) -> None:
    found, ada = opened(cast), cast.scope("ada")
    task = found.tasks[0]
    tasks.complete(task_id=task.id, by=ada, at=NOW)
    with pytest.raises(tasks.AlreadyComplete):
        tasks.complete(task_id=task.id, by=cast.scope("ben"), at=NOW)
    assert reads.find(incident_id=found.id, seen_by=ada).tasks[0].done_by == "Ada"
    tasks.reopen(task_id=task.id, by=ada, at=NOW)
    assert reads.find(incident_id=found.id, seen_by=ada).tasks[0].done_at is None
    with pytest.raises(errors.NotFound):
        tasks.complete(task_id=task.id, by=cast.scope("cleo"), at=NOW)


def test_a_former_customer_and_a_rebuild_open_nothing(cast: world.World) -> None:
    ended = {"key": "c", "account": "willow", "end_date": (NOW - timedelta(days=1)).date()}
    contracts.upsert(rows=[ended], source="crm", by=TESTS, at=NOW, vouched=False)
    accounts.restate(on=NOW.date())
    escalate(NOW)
    advance(at=NOW)
    rebuild(at=NOW)
    assert reads.open_ones(seen_by=TESTS) == ()
