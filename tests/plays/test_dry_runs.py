"""What a playbook would have done from a past day on, as known then; nothing is done."""

from datetime import timedelta

import pytest

from keepwell.kernel import errors
from keepwell.ledger.actions import accounts
from keepwell.pipeline.actions import advance
from keepwell.plays.actions import dry_runs, playbooks, playing, runs
from keepwell.plays.models import Message, Run, Task
from keepwell.plays.queries import dry_runs as reads
from tests import world
from tests.metrics.happenings import happen, uses
from tests.plays.books import DAY, say, step
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> World:
    found = world.build(at=NOW - 90 * DAY)
    happen(*(uses("willow", ago) for ago in range(30, 80, 3)))
    for ago, tier in ((60, "growth"), (20, "strategic")):
        rows = [{"key": "willow", "tier": tier}]
        accounts.upsert(rows=rows, source="crm", by=TESTS, at=NOW - ago * DAY, vouched=False)
    advance(at=NOW)
    return found


def test_it_tells_day_by_day_what_was_known_then(cast: World) -> None:
    strategic = {"of": "tier", "is": "strategic"}
    say(
        step("map", days=3),
        step("write", kind="mail", to="csm", subject="x", text="y", day=2),
        step("quiet", when={"of": "metric.active_days", "below": 3}, day=5),
        step("wait", kind="wait", asks=strategic, days=60, role=""),
        step("win", after=["wait:held"], days=1),
        goal={"all": [strategic, {"of": "metric.active_days", "below": 1}]},
    )
    number = dry_runs.ask(
        slug="rescue", account="willow", since=TODAY - timedelta(days=42), by=cast.scope("ada"), at=NOW
    )
    dry_runs.run(dry_run_id=number, at=NOW)
    view = reads.find(dry_run_id=number, seen_by=cast.scope("ada"))
    assert (view.state, view.error) == ("done", "")
    assert view.found is not None
    told = [(one["step"], one["what"], one["day"]) for one in view.found["days"]]
    assert told == [
        ("map", "open", "2026-05-04"),
        ("wait", "open", "2026-05-04"),
        ("write", "open", "2026-05-06"),
        ("write", "sent", "2026-05-06"),
        ("map", "done", "2026-05-07"),
        ("quiet", "skipped", "2026-05-11"),
        ("wait", "held", "2026-05-26"),
        ("win", "open", "2026-05-26"),
        ("win", "done", "2026-05-27"),
        ("", "finished", "2026-05-27"),
    ]
    skipped = view.found["days"][5]["because"]
    assert skipped[0].startswith("Active days")
    assert [kind.objects.count() for kind in (Run, Task, Message)] == [0, 0, 0]
    with pytest.raises(errors.NotFound):
        reads.find(dry_run_id=number, seen_by=cast.scope("cleo"))
    with pytest.raises(errors.Invalid, match="begins on a past day"):
        dry_runs.ask(slug="rescue", account="willow", since=TODAY, by=TESTS, at=NOW)


def test_a_draft_can_be_tried_and_says_the_same_as_the_run(cast: World) -> None:
    steps = [step("map", days=2), step("call", after=["map"], day=1, days=2)]
    playbooks.save(slug="new", title="New", definition={"steps": steps}, by=TESTS, at=NOW - 40 * DAY)
    number = dry_runs.ask(
        slug="new", account="willow", since=(NOW - 40 * DAY).date(), draft=True, by=TESTS, at=NOW
    )
    dry_runs.run(dry_run_id=number, at=NOW)
    view = reads.find(dry_run_id=number, seen_by=TESTS)
    assert view.found is not None
    begins = {one["step"]: one["day"] for one in view.found["days"] if one["what"] == "open"}
    playbooks.publish(slug="new", number=1, by=TESTS, at=NOW - 40 * DAY)
    run = runs.start(playbook="new", account="willow", by=TESTS, at=NOW - 40 * DAY)
    shown: dict[str, str] = {}
    for day in range(41):
        at = NOW + (day - 40) * DAY
        for task in Task.objects.filter(play_step__run=run, completion=None):
            shown.setdefault(task.title.lower(), at.date().isoformat())
            if task.due_at <= at:
                runs.complete(run_id=run, step=task.title.lower(), by=TESTS, at=at)
        if Run.objects.get(pk=run).open:
            playing.carry(run_ids=[run], at=at)
            for task in Task.objects.filter(play_step__run=run, completion=None):
                shown.setdefault(task.title.lower(), at.date().isoformat())
    assert shown == begins
