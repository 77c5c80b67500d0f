"""A plan is written whole or piece by piece, agreed, refreshed, compared; what is dropped comes back."""

from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from keepwell.access.models import AuditEntry
from keepwell.kernel import errors
from keepwell.kernel.moments import start_of
from keepwell.ledger import frames
from keepwell.ledger.actions import accounts, relay
from keepwell.ledger.models import Account
from keepwell.ledger.queries import timeline
from keepwell.metrics.actions import values
from keepwell.metrics.queries import values as stored
from keepwell.outcomes import document, models
from keepwell.outcomes.actions import beginning, opinions, plans, progress, versions
from keepwell.outcomes.actions.beginning import Aim
from keepwell.outcomes.document import PlanDoc
from keepwell.outcomes.formulas import comparing
from keepwell.outcomes.queries import book, templates
from keepwell.outcomes.queries import plans as reads
from keepwell.packs import actions as packs
from keepwell.packs import loading
from tests import world
from tests.outcomes.plans import DAY, make
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> World:
    return world.build()


def found(day: date = DAY) -> reads.PlanView:
    return reads.find(account="willow", seen_by=TESTS, day=day)


def test_what_is_written_is_read_the_same_and_written_again_changes_nothing(cast: World) -> None:
    make()
    told = document.written(found().doc)
    assert told["objectives"][0]["slug"] == "reports-without-hands"
    assert document.read(told) == found().doc
    before = AuditEntry.objects.count()
    plans.save(account="willow", doc=document.read(told), by=TESTS, at=NOW + timedelta(hours=1))
    assert AuditEntry.objects.count() == before
    assert found().changed_at == NOW


def test_ada_sees_the_plan_and_cleo_finds_nothing(cast: World) -> None:
    make()
    assert reads.find(account="willow", seen_by=cast.scope("ada"), day=DAY).account_name == "Willow"
    cleo = cast.scope("cleo")
    with pytest.raises(errors.NotFound, match="no account"):
        reads.find(account="willow", seen_by=cleo, day=DAY)
    for deed in (
        lambda: plans.save(account="willow", doc=PlanDoc(vision="x"), by=cleo, at=NOW),
        lambda: plans.change(account="willow", edit=lambda doc: doc, by=cleo, at=NOW),
        lambda: versions.agree(account="willow", who="dora", on=DAY, by=cleo, at=NOW),
        lambda: progress.finish(account="willow", step="kickoff", on=DAY, by=cleo, at=NOW),
    ):
        with pytest.raises(errors.NotFound):
            deed()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"objectives": [{"title": " "}]}, "title of 1 to"),
        ({"objectives": [{"title": "A", "slug": "a"}, {"title": "B", "slug": "a"}]}, "there twice"),
        ({"steps": [{"title": "A", "slug": "a", "after": ["b"]}]}, "not there"),
        ({"steps": [{"title": "A", "slug": "a", "after": ["b"]}, {"title": "B", "slug": "b", "after": ["a"]}]}, "each other"),
        ({"objectives": [{"title": "A", "indicators": [{"title": "B", "target": 1, "trigger": 2}]}]}, "near side"),
        ({"objectives": [{"title": "A", "labels": {"price": "shared"}}]}, "no field"),
        ({"objectives": [{"title": "A", "labels": {"why": "secret"}}]}, "no label"),
        ({"objectives": [{"title": "A", "target_date": "soon"}]}, "cannot be read"),
        ({"objectives": [{"title": "A", "indicators": [{"title": "B", "metric": "nothing"}]}]}, "no measure"),
        ({"steps": [{"title": "A", "ours": "nobody@fernhill.test"}]}, "Nobody who may sign in"),
        ({"steps": [{"title": "A", "theirs": "grace"}]}, "has nobody"),
        ({"colour": "red"}, "cannot be read"),
    ],
)  # fmt: skip
def test_a_plan_that_contradicts_itself_is_refused_by_name(
    cast: World, wrong: dict[str, object], said: str
) -> None:
    with pytest.raises(errors.Invalid, match=said):
        plans.save(account="willow", doc=document.read(wrong), by=TESTS, at=NOW)
    assert not models.SuccessPlan.objects.exists()


def test_more_than_three_outcomes_are_taken_and_advised_against(cast: World) -> None:
    make(objectives=[{"title": f"Outcome {number}"} for number in range(4)], steps=[])
    assert found().has_too_many
    make(objectives=[{"title": f"Outcome {number}"} for number in range(3)], steps=[])
    assert not found().has_too_many


def test_what_is_dropped_stays_for_what_rests_on_it_and_can_come_back(cast: World) -> None:
    make()
    first = found().objectives[0].id
    plans.change(
        account="willow",
        edit=lambda doc: msgspec.structs.replace(doc, objectives=doc.objectives[1:], steps=doc.steps[:1]),
        by=TESTS,
        at=NOW + timedelta(hours=1),
    )
    view = found()
    assert [one.doc.slug for one in view.objectives] == ["lower-cost-of-storage"]
    assert {(noun, slug) for noun, slug, _ in view.dropped} == {
        ("objective", "reports-without-hands"), ("indicator", "active-people"), ("step", "roll-out")
    }  # fmt: skip
    plans.take_back(
        account="willow", noun="indicator", slug="active-people", by=TESTS, at=NOW + timedelta(hours=2)
    )
    assert found().objectives[0].id == first
    with pytest.raises(errors.NotFound):
        plans.take_back(account="willow", noun="indicator", slug="active-people", by=TESTS, at=NOW)


def test_somebody_who_looked_at_an_older_state_is_told(cast: World) -> None:
    make()
    with pytest.raises(errors.Conflict, match="Somebody changed"):
        plans.save(account="willow", doc=PlanDoc(vision="x"), by=TESTS, at=NOW, seen=NOW - timedelta(days=1))


def test_agreed_and_refreshed_are_frozen_versions_that_can_be_compared(cast: World) -> None:
    make()
    with pytest.raises(errors.Invalid, match="agreed with the customer before"):
        versions.refresh(account="willow", on=DAY, by=TESTS, at=NOW)
    assert found().state == "draft"
    assert (
        versions.agree(account="willow", who="dora", on=date(2026, 6, 12), how="Call", by=TESTS, at=NOW) == 1
    )
    agreed = found().versions[0]
    assert (agreed.name, agreed.on, agreed.how, agreed.made) == (
        "Dora Klein",
        date(2026, 6, 12),
        "Call",
        "agreed",
    )
    assert found().state == "agreed"
    later = NOW + timedelta(days=1)
    plans.change(
        account="willow",
        edit=lambda doc: msgspec.structs.replace(doc, vision="Sites report daily."),
        by=TESTS,
        at=later,
    )
    assert found().is_changed
    was, now = reads.beside(found(), before=0, after=0)
    (line,) = comparing.lines(was, now)
    assert (line.before, line.after) == ("Every site reports by itself.", "Sites report daily.")
    assert versions.refresh(account="willow", on=later.date(), by=TESTS, at=later + timedelta(hours=1)) == 2
    assert not found().is_changed
    assert found().versions[1].content["vision"] == "Every site reports by itself."
    assert comparing.lines(*reads.beside(found(), before=1, after=2)) == (line,)
    with pytest.raises(errors.NotFound):
        reads.beside(found(), before=7, after=0)
    with pytest.raises(errors.Invalid, match="still to come"):
        versions.refresh(account="willow", on=date(2026, 7, 1), by=TESTS, at=NOW)


def test_the_ledger_hears_of_it_and_a_plan_grows_stale(cast: World) -> None:
    make()
    versions.agree(account="willow", who="Dora", on=DAY, by=TESTS, at=NOW)
    progress.reach(
        account="willow", objective="reports-without-hands", on=DAY, evidence="Letter", by=TESTS, at=NOW
    )
    relay.all_waiting(at=NOW)
    names = set(frames.events(until=NOW + timedelta(days=1)).collect()["name"].to_list())
    assert {"plan.drafted", "plan.agreed", "plan.confirmed", "objective.reached"} <= names
    tomorrow = NOW + timedelta(days=1)
    account_id = Account.objects.get(key="willow").pk
    lines = timeline.of_account(account_id=account_id, seen_by=TESTS, until=tomorrow)
    (reached,) = [line.detail for line in lines if line.name == "objective.reached"]
    assert reached == found().doc.objectives[0].title, "by its title, not by what programs call it"
    assert "title" not in AuditEntry.objects.get(deed="objective.reached").details
    (row,) = [one for one in book.page(seen_by=TESTS, day=DAY) if one.key == "willow"]
    assert (row.state, row.objectives, row.reached, row.overdue, row.version) == ("agreed", 2, 1, 1, 1)
    assert found(DAY + timedelta(days=91)).state == "stale"
    late = book.tally(seen_by=TESTS, day=DAY + timedelta(days=91))
    assert late == {"none": 3, "draft": 0, "agreed": 0, "stale": 1}
    assert book.tally(seen_by=cast.scope("cleo"), day=DAY) == {"none": 0, "draft": 0, "agreed": 0, "stale": 0}


def test_the_last_version_is_taken_back_and_what_counts_from_it_follows(cast: World) -> None:
    make()
    later = NOW + timedelta(days=40)
    asked: dict[str, Any] = {"account": "willow", "by": TESTS}
    versions.agree(who="Dora", on=DAY - timedelta(days=3), at=NOW, **asked)
    versions.refresh(on=later.date() - timedelta(days=2), at=later, **asked)
    before = days_since_confirmed(later)
    assert before == 2
    with pytest.raises(errors.Conflict, match="followed by another"):
        versions.take_back(number=1, at=later, **asked)
    with pytest.raises(errors.NotFound):
        versions.take_back(number=7, at=later, **asked)
    with pytest.raises(errors.NotFound):
        versions.take_back(account="willow", number=2, by=cast.scope("cleo"), at=later)
    versions.take_back(number=2, at=later, **asked)
    assert [one.number for one in found(later.date()).versions] == [1]
    assert found(later.date()).confirmed_at == start_of(DAY - timedelta(days=3))
    assert days_since_confirmed(later) == 43
    versions.take_back(number=1, at=later, **asked)
    plan = found(later.date())
    assert (plan.versions, plan.confirmed_at, plan.state) == ((), None, "draft")
    assert plan.doc.vision, "what the plan says stays"
    assert days_since_confirmed(later) is None
    assert versions.agree(who="Dora", on=DAY, at=later + timedelta(hours=1), **asked) == 1
    relay.all_waiting(at=later)
    told = frames.events(until=later + timedelta(days=1), names=("plan.version_withdrawn",)).collect()
    assert sorted(told["feature"].to_list()) == ["agreed", "refreshed"]
    assert AuditEntry.objects.filter(deed="plan.version_withdrawn").count() == 2


def days_since_confirmed(at: datetime) -> float | None:
    """What roadmap alignment reads."""
    relay.all_waiting(at=at)
    values.refresh(since_by_account=None, as_of=at.date())
    pk = Account.objects.get(key="willow").pk
    rows = stored.stored(since={pk: at.date()}, metrics=["days_since_plan_confirmed"])
    found: float | None = rows["value"].to_list()[-1]
    return found


def test_progress_is_noted_once_and_taken_back(cast: World) -> None:
    make()
    about = {"account": "willow", "by": TESTS, "at": NOW}
    progress.read(indicator="cost-a-month", value=700, on=DAY, evidence="Invoice 12", **about)
    line = found().objectives[1].indicators[0]
    assert (line.stands.value, line.stands.evidence, line.verdict.way) == (700, "Invoice 12", 0.5)
    with pytest.raises(errors.Invalid, match="where the value is from"):
        progress.read(indicator="cost-a-month", value=1, on=DAY, evidence=" ", **about)
    with pytest.raises(errors.Invalid, match="is measured"):
        progress.read(indicator="active-people", value=1, on=DAY, evidence="x", **about)
    progress.unread(indicator="cost-a-month", **about)
    assert found().objectives[1].indicators[0].verdict.status == "unknown"
    progress.finish(step="kickoff", on=DAY, **about)
    assert found().steps[0].done_on == DAY
    assert found().steps[1].waits_for == ()
    with pytest.raises(errors.Conflict):
        progress.finish(step="kickoff", on=DAY, **about)
    progress.reopen(step="kickoff", **about)
    assert found().steps[1].waits_for == ("Kickoff",)
    assert found().steps[0].is_overdue
    progress.reach(objective="lower-cost-of-storage", on=DAY, evidence="", **about)
    assert found().objectives[1].verdict.status == "reached"
    progress.unreach(objective="lower-cost-of-storage", **about)
    with pytest.raises(errors.Conflict):
        progress.unreach(objective="lower-cost-of-storage", **about)


def test_views_stand_side_by_side_until_they_are_settled(cast: World) -> None:
    make()
    about = {"account": "willow", "by": TESTS, "at": NOW}
    first = opinions.note(person="dora", text="Time for people", said_on=DAY, **about)
    second = opinions.note(
        person="emil", text="Lower cost", said_on=DAY, objective="lower-cost-of-storage", **about
    )
    opinions.resolve(opinion_id=first, text="Both, in this order", **about)
    assert [(one.id, one.person, one.resolution) for one in found().opinions] == [
        (second, "Emil Gross", ""), (first, "Dora Klein", "Both, in this order")
    ]  # fmt: skip
    with pytest.raises(errors.Conflict):
        opinions.resolve(opinion_id=first, text="Again", **about)
    opinions.unresolve(opinion_id=first, **about)
    assert {one.resolution for one in found().opinions} == {""}
    with pytest.raises(errors.Invalid, match="has nobody"):
        opinions.note(person="grace", text="x", said_on=DAY, **about)


def test_a_vision_and_three_measures_make_a_first_draft(cast: World) -> None:
    aims = [Aim("Sites report", "active_people", 20.0, date(2026, 12, 1)), Aim("Cheaper"), Aim("")]
    beginning.from_vision(
        account="elm", vision="Reports by themselves", aims=aims, cadence="monthly", by=TESTS, at=NOW
    )
    view = reads.find(account="elm", seen_by=TESTS, day=DAY)
    assert [one.doc.title for one in view.objectives] == ["Sites report", "Cheaper"]
    (line,) = view.objectives[0].indicators
    assert (line.doc.metric, line.doc.target, line.doc.baseline) == ("active_people", 20, None)
    assert [one.doc.slug for one in view.steps] == ["agree", "half-way", "confirm"]
    assert view.steps[0].ours == "Ada"
    with pytest.raises(errors.Conflict, match="already"):
        beginning.from_vision(account="elm", vision="x", aims=aims, cadence="", by=TESTS, at=NOW)


def test_a_plan_begins_from_another_accounts_without_their_name_or_people(cast: World) -> None:
    make(vision="Willow reports by itself.")
    beginning.from_past(account="elm", like="willow", by=TESTS, at=NOW + timedelta(days=10))
    view = reads.find(account="elm", seen_by=TESTS, day=DAY)
    told = str(document.written(view.doc))
    assert "Willow" not in told
    assert "Their IT is slow" not in told
    assert view.doc.objectives[0].target_date == date(2026, 12, 11)
    assert {(one.ours, one.theirs) for one in view.steps} == {("", "")}
    with pytest.raises(errors.NotFound):
        beginning.from_past(account="ash", like="willow", by=cast.scope("cleo"), at=NOW)


@pytest.mark.parametrize("pack", loading.shipped())
def test_every_template_of_a_pack_makes_a_plan_that_can_be_agreed(cast: World, pack: str) -> None:
    packs.apply(pack=pack, by=TESTS, at=NOW)
    offered = templates.everything()
    assert len(offered) >= 4
    for number, one in enumerate(offered):
        key = f"t{number}"
        accounts.upsert(rows=[{"key": key, "name": key}], source="tests", by=TESTS, at=NOW, vouched=True)
        beginning.from_template(account=key, slug=one.slug, by=TESTS, at=NOW)
        assert versions.agree(account=key, who="Fran", on=DAY, by=TESTS, at=NOW) == 1
        view = reads.find(account=key, seen_by=TESTS, day=DAY)
        assert [line.doc.title for line in view.objectives] == list(one.outcomes)
        assert len(view.objectives) == 3
        assert all(line.indicators for line in view.objectives)
        assert view.steps
    assert packs.apply(pack=pack, by=TESTS, at=NOW) == ()
    packs.apply(pack="saas" if pack == "agency" else "agency", by=TESTS, at=NOW)
    assert not {one.slug for one in templates.everything()} & {one.slug for one in offered}
