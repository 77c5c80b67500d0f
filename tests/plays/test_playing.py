"""A playbook runs: steps begin on their working days, wait, branch, ask, are done once, and end with the goal."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from keepwell.access.models import AuditEntry
from keepwell.kernel import errors
from keepwell.ledger import frames
from keepwell.ledger.actions import accounts, relay
from keepwell.pipeline.actions import advance
from keepwell.plays.actions import playbooks, playing, runs, tasks
from keepwell.plays.models import Run, RunStep, Task
from keepwell.plays.queries import playbooks as reads
from keepwell.plays.queries import runs as read_runs
from keepwell.signals.actions import rules
from tests import world
from tests.metrics.happenings import happen, uses
from tests.plays.books import DAY, begin, ending, pass_days, say, stands, step
from tests.plays.books import tasks as lists
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db
STRATEGIC = {"of": "tier", "is": "strategic"}


@pytest.fixture
def cast() -> World:
    found = world.build()
    happen(*(uses(name, ago) for name in ("willow", "elm", "birch") for ago in (30, 29, 20)))
    advance(at=NOW)
    return found


def tier(value: str, *, account: str = "willow", at: datetime = NOW) -> None:
    rows = [{"key": account, "tier": value}]
    accounts.upsert(rows=rows, source="crm", by=TESTS, at=at, vouched=False)
    advance(at=at)


def finish(run: int, slug: str, at: datetime) -> None:
    runs.complete(run_id=run, step=slug, by=TESTS, at=at)


def test_steps_begin_on_their_working_days_and_one_after_the_other(cast: World) -> None:
    say(step("map", days=3), step("audit", day=5), step("call", after=["map"], day=1))
    run = begin()
    assert stands(run) == {"map": "open", "audit": "waiting", "call": "waiting"}
    (task,) = Task.objects.filter(play_step__run=run)
    assert (task.assignee, task.role) == (cast.ada, "csm")
    assert task.due_at == datetime(2026, 6, 18, 12, tzinfo=UTC)
    finish(run, "map", NOW + DAY)
    pass_days([2])
    assert stands(run) == {"map": "done", "audit": "waiting", "call": "open"}
    pass_days([6])
    assert stands(run)["audit"] == "waiting"  # five working days after a Monday are the next Monday
    pass_days([7])
    assert lists(run) == ["Audit", "Call"]
    for slug in ("audit", "call"):
        finish(run, slug, NOW + 8 * DAY)
    assert ending(run) == "finished"


def test_looking_again_does_nothing_twice(cast: World) -> None:
    say(step("map"), step("audit", after=["map"]))
    run = begin()
    for _ in range(3):
        playing.look(at=NOW)
    assert Task.objects.filter(play_step__run=run).count() == 1
    assert Run.objects.count() == 1
    with pytest.raises(runs.AlreadyRuns):
        begin()
    relay.all_waiting(at=NOW)
    told = frames.events(until=NOW + DAY, names=["playbook.started"]).collect("polars")
    assert told.shape[0] == 1


def test_conditions_branches_and_waits_say_how_it_goes_on(cast: World) -> None:
    say(
        step("only", when=STRATEGIC),
        step("which", kind="branch", asks=STRATEGIC, role=""),
        step("yes", after=["which:yes"]),
        step("no", after=["which:no"]),
        step("until", kind="wait", asks=STRATEGIC, days=5, role=""),
        step("held", after=["until:held"]),
    )
    tier("growth")
    run = begin()
    assert stands(run) == {
        "only": "skipped", "which": "no", "yes": "skipped", "no": "open", "until": "open", "held": "waiting",
    }  # fmt: skip
    assert RunStep.objects.get(run=run, slug="only").because == ["Tier growth (not strategic)"]
    tier("strategic", at=NOW + DAY)
    playing.look(at=NOW + DAY)
    assert (stands(run)["until"], stands(run)["held"]) == ("held", "open")
    other = begin("birch", at=NOW + DAY)
    pass_days([9])
    assert (stands(other)["until"], stands(other)["held"]) == ("timed_out", "skipped")


def test_an_approval_is_given_or_refused(cast: World) -> None:
    say(step("ask", kind="approval"), step("yes", after=["ask:approved"]), step("no", after=["ask:refused"]))
    willow, elm = begin(), begin("elm")
    finish(willow, "ask", NOW)
    runs.refuse(run_id=elm, step="ask", because="Too dear", by=TESTS, at=NOW)
    assert stands(willow) == {"ask": "approved", "yes": "open", "no": "skipped"}
    assert stands(elm) == {"ask": "refused", "yes": "skipped", "no": "open"}
    assert lists(elm) == ["No"]
    with pytest.raises(errors.Invalid):
        runs.refuse(run_id=elm, step="no", because="It is a task", by=TESTS, at=NOW)


def test_goal_exit_and_time_end_it_and_its_tasks_go(cast: World) -> None:
    left = {"of": "tier", "is": "leaving"}
    say(step("map"), goal=STRATEGIC, exit=left, most_days=30)
    willow, elm, birch = begin(), begin("elm"), begin("birch")
    tier("strategic")
    tier("leaving", account="elm")
    playing.look(at=NOW + DAY / 24)
    assert (ending(willow), ending(elm), ending(birch)) == ("reached", "left", "")
    assert lists(willow) == []
    pass_days([31])
    assert ending(birch) == "expired"
    view = reads.find(slug="rescue", seen_by=TESTS)
    assert (view.running, view.ended, view.reached) == (0, 3, 1)
    assert view.share is not None
    assert 0 < view.share.low < 1 / 3 < view.share.high < 1
    with pytest.raises(errors.Conflict, match="Its goal is reached already"):
        begin()


def test_it_pauses_by_condition_or_hand_and_what_was_due_moves(cast: World) -> None:
    say(step("map", days=2), step("audit", day=3), pauses=STRATEGIC)
    run = begin()
    tier("strategic")
    playing.look(at=NOW + DAY)
    assert read_runs.find(run_id=run, seen_by=TESTS).paused_since == NOW + DAY
    pass_days([3, 4])
    assert stands(run)["audit"] == "waiting"
    due = Task.objects.get(play_step__run=run).due_at
    tier("growth", at=NOW + 4 * DAY)
    playing.look(at=NOW + 4 * DAY)
    assert Task.objects.get(play_step__run=run).due_at - due == 3 * DAY
    runs.pause(run_id=run, because="Holiday", by=TESTS, at=NOW + 4 * DAY)
    pass_days([20])
    assert stands(run)["audit"] == "waiting"
    runs.go_on(run_id=run, by=TESTS, at=NOW + 20 * DAY)
    pass_days([22])
    assert stands(run)["audit"] == "open"


def test_cancelled_is_taken_back_with_its_tasks(cast: World) -> None:
    say(step("map", text="Ask {name} about {renewal_date|the renewal}."))
    run = begin()
    runs.cancel(run_id=run, because="They called", by=cast.scope("ada"), at=NOW)
    assert (ending(run), lists(run)) == ("cancelled", [])
    runs.take_back(run_id=run, by=cast.scope("ada"), at=NOW)
    assert (ending(run), lists(run)) == ("", ["Map"])
    (shown,) = read_runs.steps(run_id=run, seen_by=TESTS)
    assert shown.said == {"text": "Ask Willow about the renewal."}
    assert [one["value"] for one in shown.receipts] == ["Willow"]
    assert {"run.start", "run.cancel", "run.take_back"} <= set(
        AuditEntry.objects.values_list("deed", flat=True)
    )
    with pytest.raises(errors.NotFound):
        runs.cancel(run_id=run, because="Not mine", by=cast.scope("cleo"), at=NOW)


def test_a_task_that_is_reopened_opens_its_step(cast: World) -> None:
    say(step("map"), step("audit", day=20))
    run = begin()
    (task,) = Task.objects.filter(play_step__run=run)
    tasks.complete(task_id=task.pk, by=TESTS, at=NOW)
    playing.look(at=NOW)
    assert stands(run)["map"] == "done"
    tasks.reopen(task_id=task.pk, by=TESTS, at=NOW)
    playing.look(at=NOW)
    assert stands(run)["map"] == "open"


def test_a_skipped_step_says_why_and_the_next_goes_on(cast: World) -> None:
    say(step("map"), step("audit", after=["map"]))
    run = begin()
    with pytest.raises(errors.Invalid, match="Say why"):
        runs.skip(run_id=run, step="map", because=" ", by=TESTS, at=NOW)
    runs.skip(run_id=run, step="map", because="Known by heart", by=cast.scope("ada"), at=NOW)
    assert stands(run) == {"map": "skipped", "audit": "open"}
    (shown, _) = read_runs.steps(run_id=run, seen_by=TESTS)
    assert (shown.because, shown.by) == (("Known by heart",), "Ada")


def test_a_rule_that_fires_starts_it_once_by_the_version_in_force(cast: World) -> None:
    quiet = {"when": {"of": "metric.active_days", "below": 2}}
    rules.put(slug="quiet", title="Quiet", definition=quiet, by=TESTS, at=NOW)
    happen(*(uses(name, ago) for name in ("willow", "elm", "birch") for ago in (2, 1)))
    advance(at=NOW)
    say(step("map"), starts={"rules": ["quiet"], "again_after_days": 60})
    playing.look(at=NOW)
    for _ in range(2):
        advance(at=NOW + 27 * DAY)
        playing.look(at=NOW + 27 * DAY)
    found = Run.objects.order_by("account__key")
    assert [run.account.key for run in found] == ["birch", "elm", "willow"]
    assert found[0].because == ["Quiet: Active days 0 days (below 2 days)"]
    say(step("map"), step("more"), starts={"rules": ["quiet"]}, at=NOW + 28 * DAY)
    playing.look(at=NOW + 28 * DAY)
    assert {run.version.number for run in Run.objects.all()} == {1}
    assert stands(found[0].pk) == {"map": "open"}


def test_what_is_wrong_is_named_with_its_place(cast: World) -> None:
    for steps, said in (
        ([], "must be a list of 1 to 60 steps"),
        ([step("a", after=["b"])], 'comes after "b", which is no step'),
        ([step("a", after=["b"]), step("b", after=["a"])], "A step cannot wait for itself"),
        ([step("a"), step("a")], 'Two steps have the slug "a"'),
        ([step("a", kind="dance")], 'kind "dance" is not known'),
        ([step("a", role="king")], 'role "king" is not known'),
        ([step("a", kind="branch")], '"asks" is missing'),
        ([step("a"), step("b", after=["a:maybe"])], '"a" never ends as "maybe"'),
        ([step("a", text="{weather}")], r'the field "\{weather\}" is not known'),
        ([step("a", kind="mail", to="nobody", subject="x", text="y")], '"to" is an e-mail address'),
        ([step("a", day=-1)], '"day" must be 0 to 730 whole days'),
    ):
        with pytest.raises(errors.Invalid, match=said):
            playbooks.save(slug="wrong", title="Wrong", definition={"steps": steps}, by=TESTS, at=NOW)


def test_versions_are_published_rolled_back_and_rest(cast: World) -> None:
    say(step("map"))
    playbooks.save(slug="rescue", title="Rescue", definition={"steps": [step("b")]}, by=TESTS, at=NOW)
    playbooks.publish(slug="rescue", number=2, by=TESTS, at=NOW)
    playbooks.roll_back(slug="rescue", number=1, by=TESTS, at=NOW)
    assert [one.number for one in reads.versions(slug="rescue")] == [3, 2, 1]
    playbooks.rest(slug="rescue", by=TESTS, at=NOW)
    with pytest.raises(errors.NotFound, match="that may start"):
        begin()
    playbooks.wake(slug="rescue", by=TESTS, at=NOW)
    assert stands(begin()) == {"map": "open"}


def test_what_nothing_stirs_costs_few_queries(cast: World, django_assert_max_num_queries: object) -> None:
    say(step("map", days=3))
    begin()
    playing.look(at=NOW + DAY / 24)
    with django_assert_max_num_queries(20, connection=connection):  # type: ignore[operator]
        playing.look(at=NOW + DAY / 12)
