"""What one more day of events costs, beside two years of them: the day's own events, and the turn of the day for everybody.

Two instances are made once and kept, as in `one_fact` but smaller: the same accounts over the same two years, one with four
times the events, for a day must not cost by what was before it. Then days follow: with no events, with as many as a day had
until now, and with three times as many. Of each the run of the pipeline is measured that carries the day's events to metrics,
scores and memberships, and the one that begins the next day; at the end everything is computed anew from the whole lake. CPU
is this process's and PostgreSQL's. DAY_EVENTS and DAY_ACCOUNTS take other sizes.
"""

import os
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from benchmarks import ground, history, one_fact

MOST = int(os.environ.get("DAY_EVENTS", "2000000"))
SIZES = (MOST // 4, MOST)
ACCOUNTS = int(os.environ.get("DAY_ACCOUNTS", "2000"))
TIMES = (0, 1, 3)


def measure() -> Iterator[str]:
    """Make the instances if they are not there; then let days come in each."""
    turns = []
    for size in SIZES:
        found = _measured(size)
        turns.append(found["turn 1"])
        for times in TIMES:
            told = (found[f"{what} {times}"] for what in ("events", "accounts", "carry", "turn"))
            events, accounts, carry, turn = told
            yield (
                f"day: {size:,} events of {ACCOUNTS:,} accounts before it: a day of {events:,.0f} events that concern "
                f"{accounts:,.0f} accounts costs {carry:.1f} CPU seconds, the turn to the next {turn:.1f}"
            )
        yield f"day: everything anew from the whole lake: {found['whole']:.1f} CPU seconds"
    yield f"day: with four times as much before it the turn costs {turns[-1] / turns[0]:.2f} times as much"


def _measured(size: int) -> ground.Figures:
    folder, sized = ground.kept(f"day-{size}"), {"FACT_EVENTS": str(size), "FACT_ACCOUNTS": str(ACCOUNTS)}
    ground.part("benchmarks.one_fact", "make", folder, **sized)
    with ground.database(folder):
        if not (folder / "told").exists():
            ground.part("benchmarks.one_fact", "tell", folder, **sized)
            (folder / "told").touch()
        ground.part("benchmarks.one_fact", "ready", folder, **sized)
        return ground.part("benchmarks.one_day", "days", folder, **sized)


def days() -> ground.Figures:
    """What each kind of day cost, and everything anew."""
    from keepwell.ledger.actions import relay
    from keepwell.pipeline.actions import advance, rebuild

    figures: ground.Figures = {}
    at = _last() + timedelta(days=1)
    advance(at=at)
    for times in TIMES:
        told = _told(at, times)
        relay.all_waiting(at=at)
        worked = one_fact.spent()
        done = advance(at=at, carry=False)
        carried = one_fact.spent()
        at += timedelta(days=1)
        advance(at=at, carry=False)
        turned = one_fact.spent()
        figures |= {
            f"events {times}": told, f"accounts {times}": done.accounts,
            f"carry {times}": carried - worked, f"turn {times}": turned - carried,
        }  # fmt: skip
    worked = one_fact.spent()
    rebuild(at=at)
    return figures | {"whole": one_fact.spent() - worked}


def _last() -> datetime:
    from keepwell.pipeline import models

    moment = models.Watermark.objects.get().advanced_at
    assert moment is not None
    return moment


def _told(at: datetime, times: int) -> int:
    """Use as on any other day, so many times as much: sittings of people of accounts drawn by how much they do."""
    from keepwell.ledger.actions import events
    from keepwell.ledger.event import Event

    rng = np.random.default_rng(int(at.timestamp()))
    sittings = times * MOST // history.Base().days // history.SESSION
    weights = rng.pareto(1.16, ACCOUNTS) + 0.05
    drawn = rng.choice(ACCOUNTS, sittings, p=weights / weights.sum())
    run = time.strftime("%Y%m%d%H%M%S")
    rows = [
        Event(
            id=f"{run}-{at:%Y%m%d}-{n}-{k}", account=history.account_key(int(account)), name=f"{feature} used",
            feature=feature, person=f"person-{n % 40}", at=at - timedelta(hours=3, seconds=n % 9000 - k), source="bench",
        )
        for n, account in enumerate(drawn)
        for k, feature in enumerate(rng.choice(history.FEATURES, history.SESSION).tolist())
    ]  # fmt: skip
    for start in range(0, len(rows), 1000):
        events.append(events=rows[start : start + 1000], received_at=at)
    return len(rows)


if __name__ == "__main__":
    ground.answer({"days": days})
