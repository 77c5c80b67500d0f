"""Playbooks of the tests, and days that pass."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from keepwell.plays.actions import playbooks, playing, runs
from keepwell.plays.models import Run, RunStep, Task
from tests.world import NOW, TESTS

DAY = timedelta(days=1)


def step(slug: str, **more: Any) -> dict[str, Any]:
    """A step that says no more than it has to."""
    return {"slug": slug, "title": slug.title(), "role": "csm", **more}


def say(*steps: dict[str, Any], slug: str = "rescue", at: datetime = NOW, **more: Any) -> None:
    """Publish a playbook of these steps."""
    definition = {"sentence": "For tests.", "steps": list(steps), **more}
    playbooks.put(slug=slug, title=slug.title(), definition=definition, by=TESTS, at=at)


def begin(account: str = "willow", *, slug: str = "rescue", at: datetime = NOW) -> int:
    """Start it by hand."""
    return runs.start(playbook=slug, account=account, by=TESTS, at=at)


def stands(run: int) -> dict[str, str]:
    """How each step stands: its outcome once it has one."""
    rows = RunStep.objects.filter(run=run).order_by("place")
    return {row.slug: row.outcome or row.state for row in rows}


def ending(run: int) -> str:
    """How the run ended."""
    return Run.objects.values_list("ending__how", flat=True).get(pk=run) or ""


def tasks(run: int) -> list[str]:
    """What is open on people's lists for a run."""
    rows = Task.objects.filter(play_step__run=run, completion=None).order_by("play_step__place")
    return list(rows.values_list("title", flat=True))


def pass_days(days: Iterable[int], *, since: datetime = NOW) -> None:
    """Let days pass on which nobody does anything."""
    for day in days:
        playing.look(at=since + day * DAY)
