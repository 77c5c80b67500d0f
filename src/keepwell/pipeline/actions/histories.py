"""Compute what a run of the pipeline left for later: histories of metrics and segments that are new or say something else."""

from pathlib import Path
from tempfile import TemporaryDirectory

from keepwell.intake.actions.alone import alone
from keepwell.ledger.queries import state, touched
from keepwell.metrics.actions import histories
from keepwell.metrics.queries import rollups
from keepwell.pipeline import lock
from keepwell.pipeline.actions.advance import asked
from keepwell.segments.actions import memberships

LOCK = 0x68697374


def waiting() -> bool:
    """Whether anything was left. One query."""
    return histories.waiting() or memberships.waiting()


def compute() -> bool:
    """Compute it from the lake as it stands, while runs go on; then take it over with the facts that came meanwhile.

    Tells whether there was anything. What was cut off begins again.
    """
    with alone(kind=LOCK, number=0) as mine:
        if not mine:
            return False
        told = [_metrics(), _segments()]
    return any(told)


def _metrics() -> bool:
    with TemporaryDirectory(prefix="keepwell-history-") as folder:
        with state.held() as lake:
            found = histories.computed(into=Path(folder))
        if found is None:
            return False
        with lock.exclusive():
            since = touched.after(batch=lake.batch).since
            histories.adopt(found, since_by_account=since, keep=asked())
    return True


def _segments() -> bool:
    with state.held() as lake:
        found = memberships.judge()
    if not found:
        return False
    with lock.exclusive():
        since = rollups.concerned(touched.after(batch=lake.batch).since)
        memberships.settle(found, since_by_account=since)
    return True
