"""Every playbook of the packs runs to its end on simulated days: once as hoped for, once as feared."""

from datetime import timedelta
from typing import Literal

import pytest

from keepwell.hooks import registry
from keepwell.kernel.calendars import WorkCalendar
from keepwell.packs import actions as packs
from keepwell.packs import loading
from keepwell.packs.pack import PlaybookFile
from keepwell.pipeline.actions import advance
from keepwell.plays import declared
from keepwell.plays.actions import playing, runs
from keepwell.plays.formulas import running
from keepwell.plays.formulas.running import Truth
from keepwell.plays.formulas.trying import days
from keepwell.plays.models import Run, RunStep
from keepwell.plays.playbook import OF_FLOW
from tests import world
from tests.plays.books import DAY, ending
from tests.world import NOW, TESTS, TODAY

SHIPPED = [(pack, book) for pack in loading.shipped() for book in loading.find(pack).playbooks]
NAMED = {
    "onboarding", "business-review", "renewal", "red-account-rescue", "re-onboarding", "champion-change", "expansion",
    "pm-to-csm", "csm-change", "kickoff", "go-live", "ticket-triage-takeover", "red-incident",
    "quarterly-health-assessment", "merger", "expansion-outreach",
}  # fmt: skip


def test_all_that_the_specification_names_are_there() -> None:
    assert {book.slug for _, book in SHIPPED} == NAMED


@pytest.mark.django_db
@pytest.mark.parametrize("answers", [True, False, None])
@pytest.mark.parametrize(("pack", "book"), SHIPPED, ids=lambda one: getattr(one, "slug", one))
def test_each_ends_whatever_its_conditions_say(
    pack: str, book: PlaybookFile, answers: Literal[True, False] | None
) -> None:
    """No step is left behind, and every step that is not skipped is done within the time that the playbook has."""
    said, kinds = declared.read(book.definition, plain=False), registry.steps()
    happened = list(
        days(
            said,
            since=TODAY,
            until=TODAY + timedelta(days=said.most_days),
            truths=lambda _day, name: Truth(None if name in ("goal", "exit", "pauses") else answers, ("So",)),
            usual={kind.slug: kind.outcomes[0] for kind in kinds.values()},
            automatic={kind.slug: kind.is_automatic for kind in kinds.values()},
            calendar=WorkCalendar(),
        )
    )
    assert (happened[-1].step, happened[-1].what) == (None, "finished")
    over = {one.step.slug for one in happened if one.step is not None and one.what != "open"}
    assert over == {step.slug for step in said.steps}


@pytest.mark.django_db
def test_the_rescue_takes_twelve_weeks_and_can_be_refused_at_each_approval() -> None:
    said = next(
        declared.read(b.definition, plain=False)
        for p, b in SHIPPED
        if (p, b.slug) == ("saas", "red-account-rescue")
    )
    assert [step.title.split(":")[0] for step in said.steps if step.title.startswith("Week")] == [
        "Week 1", "Week 1", "Week 2", "Week 3", "Week 4", *(f"Week {week}" for week in range(5, 13)),
    ]  # fmt: skip
    asked = [
        (p, b, s)
        for p, b in SHIPPED
        for s in declared.read(b.definition, plain=False).steps
        if s.kind == "approval"
    ]
    for _, book, step in asked:
        steps = declared.read(book.definition, plain=False)
        stands = {
            one.slug: running.Stands("done", "refused" if one.slug == step.slug else "", None, None, NOW)
            for one in steps.steps
            if one.slug == step.slug or step.slug not in {after.step for after in one.after}
        }
        ends = {one.slug for one in steps.steps if any(after.step == step.slug for after in one.after)}
        for _ in range(len(steps.steps)):
            move = running.next_move(
                steps, stands, started_at=NOW, at=NOW + 90 * DAY, truths=lambda _name: Truth(None),
                is_automatic=lambda kind: registry.steps()[kind].is_automatic, calendar=WorkCalendar(),
            )  # fmt: skip
            if move is None:
                break
            stands[move.step.slug] = move.to
        assert all(stands[slug].state in ("open", "skipped", "done") for slug in ends), (book.slug, step.slug)


@pytest.mark.django_db
@pytest.mark.parametrize("pack", loading.shipped())
def test_applied_and_run_by_rows_each_is_carried_to_its_end(pack: str) -> None:
    """Everything of a pack at once, for accounts of one company, by tasks that are completed when they are due."""
    cast = world.build()
    packs.apply(pack=pack, by=TESTS, at=NOW)
    advance(at=NOW)
    books = [book for name, book in SHIPPED if name == pack]
    begun = [runs.start(playbook=book.slug, account="willow", by=TESTS, at=NOW) for book in books]
    at = NOW
    while Run.objects.filter(pk__in=begun, open=True).exists():
        assert at < NOW + 200 * DAY
        at += 3 * DAY
        due = RunStep.objects.filter(run__in=begun, state="open", task__completion=None, task__due_at__lte=at)
        for row in due.exclude(task=None).select_related("task"):
            runs.complete(run_id=row.run_id, step=row.slug, by=TESTS, at=at)
        playing.look(at=at)
    assert {ending(run) for run in begun} == {"finished"}
    assert not RunStep.objects.filter(run__in=begun, state__in=("open", "waiting")).exists()
    flows = RunStep.objects.filter(
        run__in=begun, state="done", outcome__in=[o for ways in OF_FLOW.values() for o in ways]
    )
    assert flows.exists()
    assert cast.ada.pk in set(RunStep.objects.filter(run__in=begun).values_list("task__assignee", flat=True))
