"""Is everything in order, and if not, what to do."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from keepwell.intake.queries import batches, quality, room
from keepwell.kernel.figures import measured
from keepwell.ledger.queries import unresolved, wholeness
from keepwell.pipeline.queries import status

STALE = timedelta(minutes=10)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Check:
    """One thing looked at, and what was found."""

    name: str
    ok: bool
    found: str


def examine(*, at: datetime) -> tuple[Check, ...]:
    """All checks. Reads the lake's keys once."""
    if damage := wholeness.problem():
        return (Check("lake", False, damage), _imports(), _sources(at))
    now = status.current()
    return (
        Check(
            "lake",
            True,
            f"version {now.ledger.lake_version}, {now.ledger.files} files, batch {now.ledger.batch}",
        ),
        _disk(),
        _waiting(now, at),
        _computed(now, at),
        _verified(at),
        _unresolved(),
        _imports(),
        _sources(at),
    )


def _disk() -> Check:
    trouble = room.disk_trouble()
    advice = f"{trouble} Events are refused until there is more; what was taken is safe"
    return Check("disk", not trouble, advice if trouble else f"{room.free_megabytes():,} MB free")


def _waiting(now: status.Status, at: datetime) -> Check:
    if now.relay_failure:
        return Check(
            "outbox",
            False,
            f"{_wait(now.ledger.waiting)}, safely; the relay tries again: {now.relay_failure}",
        )
    last = max(filter(None, (now.relayed_at, now.advanced_at)), default=None)
    late = now.ledger.waiting > 0 and (last is None or at - last > STALE)
    advice = "; is a worker running? keepwell work" if late else ""
    return Check("outbox", not late, f"{_wait(now.ledger.waiting)}{advice}")


def _wait(waiting: int) -> str:
    return f"{measured(waiting, 'events')} {'waits' if waiting == 1 else 'wait'} for the lake"


def _computed(now: status.Status, at: datetime) -> Check:
    if now.failure:
        return Check("numbers", False, f"the last run failed: {now.failure}")
    if now.advanced_at is None:
        return Check("numbers", False, "never computed; run: keepwell rebuild")
    behind = now.computed_batch < now.ledger.batch and at - now.advanced_at > STALE
    advice = "; run: keepwell rebuild" if behind else ""
    return Check(
        "numbers",
        not behind,
        f"computed at {now.advanced_at:%Y-%m-%d %H:%M} UTC up to batch {now.computed_batch}{advice}",
    )


def _verified(at: datetime) -> Check:
    """Whether the last full recomputation gave what stood; it runs every night."""
    last = status.verification()
    if last is None:
        return Check("recomputed", True, "not yet; the worker does it every night")
    when = f"{last.at:%Y-%m-%d %H:%M} UTC"
    if last.difference:
        return Check("recomputed", False, f"at {when}: {last.difference}; please report it")
    late = at - last.at > WEEK
    advice = "; is a worker running? keepwell work" if late else ""
    return Check(
        "recomputed",
        not late,
        f"at {when} everything anew: the same rows for {last.accounts:,} accounts{advice}",
    )


def _unresolved() -> Check:
    kept = unresolved.count()
    advice = "; import the accounts, contracts or people that they name" if kept else ""
    return Check(
        "identity",
        True,
        f"{measured(kept, 'events')} of no known account yet{advice}",
    )


def _imports() -> Check:
    failed = batches.failed_count()
    return Check(
        "imports", failed == 0, f"{failed} failed{'; see them in the web under Data' if failed else ''}"
    )


def _sources(at: datetime) -> Check:
    overdue = quality.overdue(at=at)
    found = f"overdue: {', '.join(overdue)}; see keepwell quality" if overdue else "none is overdue"
    return Check("sources", not overdue, found)
