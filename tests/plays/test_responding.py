"""An incident of a whole company: who is called and told, when clocks run out, what it takes to close, how it comes back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from keepwell.access.actions import users
from keepwell.access.models import AuditEntry, User
from keepwell.access.queries import scopes
from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.ledger.actions import accounts, contracts, tickets
from keepwell.ledger.models import Account
from keepwell.plays import models
from keepwell.plays.actions import escalating, incidents, practices, responding
from keepwell.plays.queries import incidents as reads
from keepwell.plays.queries import practices as declared
from keepwell.segments.models import Membership, Segment
from keepwell.signals.actions import rules
from keepwell.signals.models import Firing, Rule
from tests import outbox, world
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PEOPLE = {"dana": "delivery_head", "erik": "executive", "tess": "tech_lead", "pat": "pm"}
OPENS: dict[str, Any] = {
    "title": "Health fell into red",
    "tasks": [
        {"title": "Call them", "role": "csm", "clock": "call"},
        {"title": "Find out why", "role": "delivery_head", "clock": "cause"},
        {"title": "Agree the plan", "role": "tech_lead", "clock": "plan"},
    ],
}
FOUND = {"cause_kind": "champion", "cause": "Grace left.", "plan": "Win Alan by Friday."}


@pytest.fixture
def cast() -> world.World:
    """Dana heads delivery, Erik is the executive; Tess is Elm's tech lead and Pat its PM."""
    made = world.build(at=NOW - 60 * DAY)
    for name, role in PEOPLE.items():
        user = users.create(
            email=f"{name}@fernhill.test",
            password=world.PASSWORD,
            role=role,
            by=TESTS,
            at=NOW,
            name=name.title(),
        )
        if role in ("tech_lead", "pm"):
            accounts.assign(account=made.elm, user=user, role=role, by=TESTS, at=NOW - DAY)
    return made


def told(incident_id: int, kind: str) -> list[tuple[str, str, str]]:
    """By role: who was told, and as what they were found."""
    rows = models.IncidentTelling.objects.filter(incident=incident_id, kind=kind).order_by("pk")
    return [
        (row.role, row.user.name if row.user else "nobody", row.as_role)
        for row in rows.select_related("user")
    ]


def names(account: str = "elm") -> list[str]:
    """What the ledger says of incidents, in the order of the happenings."""
    found = [event for event in outbox.waiting(account=account) if event.name.startswith("incident.")]
    return [event.name for event in sorted(found, key=lambda event: event.at)]


def fires(at: datetime, slug: str = "quiet", account: str = "elm") -> list[models.Incident]:
    """A published rule fires for an account."""
    definition = {"when": {"of": "metric.active_days", "below": 3}, "opens": OPENS}
    version = rules.put(slug=slug, title=slug, definition=definition, by=TESTS, at=at, begin=False)
    del version
    rule = Rule.objects.select_related("published").get(slug=slug)
    assert rule.published is not None
    Firing.objects.filter(rule=rule, ended_at=None).update(ended_at=at)
    firing = Firing.objects.create(
        rule=rule,
        version=rule.published,
        account_id=accounts_id(account),
        at=at,
        sentence="Quiet",
        evidence={"seen": {}},
    )
    return incidents.open_from(firings=[firing], at=at, by=TESTS)


def accounts_id(key: str) -> int:
    return Account.objects.get(key=key).pk


def ada(cast: world.World) -> Scope:
    return cast.scope("ada")


def of(name: str) -> Scope:
    return scopes.of_user(User.objects.get(email=f"{name}@fernhill.test"), through="tests")


def test_the_csm_head_of_delivery_and_tech_lead_are_called_once(cast: world.World) -> None:
    (incident,) = fires(NOW)
    assert fires(NOW + HOUR) == [], "one is open about it"
    assert told(incident.pk, "called") == [
        ("csm", "Ada", "csm"), ("delivery_head", "Dana", "delivery_head"), ("tech_lead", "Tess", "tech_lead"),
    ]  # fmt: skip
    view = reads.find(incident_id=incident.pk, seen_by=ada(cast))
    assert [(task.title, task.assignee) for task in view.tasks] == [
        ("Call them", "Ada"), ("Find out why", "Dana"), ("Agree the plan", "Tess"),
    ]  # fmt: skip
    assert [task.due_at for task in view.tasks] == [NOW + DAY, NOW + 7 * DAY, NOW + 14 * DAY]
    assert view.due_at == NOW + DAY
    (other,) = fires(NOW + HOUR, slug="other-rule")
    assert other.matter == "rule:other-rule", "another matter is another incident"
    incidents.open_by_hand(account="elm", title="Quiet", about="price", by=ada(cast), at=NOW)
    with pytest.raises(incidents.AlreadyOpen):
        incidents.open_by_hand(account="elm", title="Again", about="price", by=ada(cast), at=NOW)
    (there,) = fires(NOW, account="willow")
    stands_in = ("tech_lead", "Dana", "delivery_head")
    assert told(there.pk, "called")[2] == stands_in, "nobody holds the role there"


def test_a_clock_that_ran_out_goes_straight_to_the_executive_each_step_once(cast: world.World) -> None:
    (incident,) = fires(NOW)
    assert escalating.look(at=NOW + 23 * HOUR) == 0
    with transaction.atomic():
        assert escalating.look(at=NOW + 25 * HOUR) == 1
        transaction.set_rollback(True)  # the worker is killed before it commits
    assert told(incident.pk, "overdue") == []
    assert escalating.look(at=NOW + 25 * HOUR) == 1
    assert escalating.look(at=NOW + 26 * HOUR) == 0
    assert told(incident.pk, "overdue") == [("executive", "Erik", "executive")]
    assert escalating.look(at=NOW + 49 * HOUR) == 1
    assert told(incident.pk, "overdue")[1:] == [
        ("executive", "Erik", "executive"),
        ("leader", "Erik", "executive"),
    ]
    assert escalating.look(at=NOW + 72 * HOUR) == 0, "the path ends there"
    assert names().count("incident.escalated") == 2
    assert models.Notification.objects.filter(user__name="Erik", kind="escalated").count() == 2
    assert not models.IncidentTelling.objects.filter(user__name="Pat").exists()
    assert not models.Notification.objects.filter(user__name="Pat").exists()


def test_a_worker_that_was_down_for_two_days_tells_each_step_it_missed(cast: world.World) -> None:
    (incident,) = fires(NOW)
    assert escalating.look(at=NOW + 3 * DAY) == 2
    steps = models.IncidentTelling.objects.filter(incident=incident, kind="overdue").values_list(
        "step", flat=True
    )
    assert list(steps) == [1, 2, 2]


def test_the_call_is_held_when_all_who_were_called_were_there(cast: world.World) -> None:
    (incident,) = fires(NOW)
    given: dict[str, Any] = {"incident_id": incident.pk, "by": ada(cast)}
    with pytest.raises(errors.Invalid, match='"pm" is not called'):
        responding.call(**given, attended={"pm": "pat@fernhill.test"}, at=NOW + HOUR)
    with pytest.raises(errors.Invalid, match="Somebody must have been"):
        responding.call(**given, attended={"csm": ""}, at=NOW + HOUR)
    there = {"csm": "ada@fernhill.test", "delivery_head": "dana@fernhill.test"}
    responding.call(**given, attended=there, at=NOW + 20 * HOUR)
    assert escalating.look(at=NOW + 25 * HOUR) == 1, "the tech lead was not there"
    responding.call(
        **given, attended={"tech_lead": "tess@fernhill.test"}, said="The API fails", at=NOW + 26 * HOUR
    )
    assert escalating.look(at=NOW + 3 * DAY) == 0
    view = reads.find(incident_id=incident.pk, seen_by=ada(cast))
    assert view.tasks[0].done_at == NOW + 26 * HOUR, "the task that served the clock is done with it"
    assert view.due_at == NOW + 7 * DAY
    assert names() == ["incident.opened", "incident.called", "incident.escalated", "incident.called"]


def test_it_closes_with_a_declared_cause_and_a_plan_and_that_is_taken_back(cast: world.World) -> None:
    (incident,) = fires(NOW)
    given: dict[str, Any] = {"incident_id": incident.pk, "by": ada(cast)}
    with pytest.raises(errors.Invalid, match="Missing: cause and plan"):
        incidents.close(**given, at=NOW)
    with pytest.raises(errors.Invalid, match='"bad-luck" is no declared cause'):
        responding.find_cause(**given, cause_kind="bad-luck", text="x", at=NOW)
    responding.find_cause(**given, cause_kind="champion", text="Grace left.", at=NOW + DAY)
    with pytest.raises(errors.Invalid, match="Missing: plan"):
        incidents.close(**given, at=NOW + DAY)
    responding.make_plan(**given, text="Win Alan by Friday.", at=NOW + 2 * DAY)
    incidents.close(**given, at=NOW + 3 * DAY)
    with pytest.raises(errors.Conflict, match="closed"):
        responding.make_plan(**given, text="Another", at=NOW + 3 * DAY)
    incidents.reopen(**given, at=NOW + 3 * DAY + HOUR)
    view = reads.find(incident_id=incident.pk, seen_by=ada(cast))
    assert (view.open, view.closed_at, view.round) == (True, None, 0)
    assert escalating.look(at=NOW + 60 * DAY) == 2, "cause and plan stay found; only the call was never held"
    incidents.close(**given, at=NOW + 61 * DAY)
    assert models.IncidentClosure.objects.filter(incident=incident).count() == 2
    with pytest.raises(errors.NotFound):
        incidents.reopen(incident_id=incident.pk, by=cast.scope("cleo"), at=NOW)
    assert AuditEntry.objects.filter(deed="incident.reopen").count() == 1


def test_what_comes_back_within_days_is_the_same_incident_with_new_clocks(cast: world.World) -> None:
    (incident,) = fires(NOW)
    incidents.close(incident_id=incident.pk, **FOUND, by=ada(cast), at=NOW + DAY)
    (again,) = fires(NOW + 10 * DAY)
    assert again.pk == incident.pk
    view = reads.find(incident_id=incident.pk, seen_by=ada(cast))
    assert (view.open, view.round, view.due_at) == (True, 1, NOW + 11 * DAY)
    assert [name for _, name, _ in told(incident.pk, "again")] == ["Ada", "Dana", "Tess"]
    with pytest.raises(errors.Invalid, match="Missing: cause"):
        incidents.close(incident_id=incident.pk, by=ada(cast), at=NOW + 11 * DAY)
    incidents.close(incident_id=incident.pk, **FOUND, by=ada(cast), at=NOW + 11 * DAY)
    (fresh,) = fires(NOW + 30 * DAY)
    assert fresh.pk != incident.pk, "19 days later it is another one"


def test_a_colleague_goes_straight_to_the_executive(cast: world.World) -> None:
    (incident,) = fires(NOW)
    words = "They ask for you by name."
    assert escalating.by_hand(incident_id=incident.pk, words=words, by=ada(cast), at=NOW + HOUR) == ("Erik",)
    row = models.IncidentTelling.objects.get(kind="by_hand")
    assert (row.what, row.by_id, row.mail_state) == (f"Elm: {words}", cast.ada.pk, "queued")


def test_a_segment_is_answered_in_its_own_way(cast: world.World) -> None:
    with pytest.raises(errors.Forbidden):
        practices.declare(definition={}, by=ada(cast), at=NOW)
    calls = {"clocks": {"call": {"length": 4, "unit": "hours", "counts": "calendar"}}, "called": ["csm"]}
    segment = Segment.objects.create(slug="top", title="Top", condition={}, created_at=NOW, changed_at=NOW)
    Membership.objects.create(segment=segment, account=cast.elm, state="member", since=NOW.date())
    practices.declare(definition=calls, segment="top", by=TESTS, at=NOW)
    (elm,), (birch,) = fires(NOW), fires(NOW, account="birch")
    assert (elm.due_at, birch.due_at) == (NOW + 4 * HOUR, NOW + DAY)
    practices.declare(definition={**calls, "called": ["tech_lead"]}, segment="top", by=TESTS, at=NOW + HOUR)
    assert responding.missing(models.Incident.objects.get(pk=elm.pk), practices_of(elm)) == ("csm",)
    practices.withdraw(segment="top", by=TESTS, at=NOW + 2 * HOUR)
    assert models.IncidentPractice.objects.filter(ended_at=None).count() == 0


def practices_of(incident: models.Incident) -> Any:
    return declared.read(incident.practice)


def test_a_note_is_the_account_s_and_tells_whom_it_mentions(cast: world.World) -> None:
    (incident,) = fires(NOW)
    key = responding.write(incident_id=incident.pk, text="@dana look at the API", by=ada(cast), at=NOW)
    assert models.IncidentNote.objects.get(note__key=key).incident_id == incident.pk


def test_the_evidence_stays_as_it_was(cast: world.World) -> None:
    given: dict[str, Any] = {"source": "crm", "by": TESTS, "at": NOW - DAY, "vouched": True}
    terms = {"arr": 50_000, "start_date": datetime(2026, 1, 1, tzinfo=UTC).date()}
    contracts.upsert(rows=[{"key": "c", "account": "elm", **terms}], **given)
    accounts.restate(on=NOW.date())
    tickets.upsert(
        rows=[{"key": "t", "account": "elm", "opened_at": NOW - DAY, "subject": "Export"}], **given
    )
    (incident,) = fires(NOW)
    tickets.upsert(rows=[{"key": "t", "account": "elm", "resolved_at": NOW}], **{**given, "at": NOW})
    seen = reads.find(incident_id=incident.pk, seen_by=of("erik")).evidence["beside"]
    assert [ticket["subject"] for ticket in seen["tickets"]] == ["Export"]
    assert seen["arr"] == {"amount": "50000.00", "currency": "USD"}
    assert [contract["key"] for contract in seen["contracts"]] == ["c"]
