"""Organisations that use OpenStack as contributors: departure is 180 silent days; the proof against counting anew.

What is counted here shares nothing with the product: plain sets of days, pairs by their points.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from tests import world
from tests.health.public_sets import card, carry, folder, proven, take

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SILENT, STEP, WINDOW = 180, 28, 28
SINCE, UNTIL = date(2017, 1, 1), date(2026, 5, 31)
PEOPLE, DAYS = (3, 1), (6, 1)
PARTS = (
    ("active_people", f">= {PEOPLE[0]}", f"< {PEOPLE[1]}"),
    ("active_days", f">= {DAYS[0]}", f"< {DAYS[1]}"),
)


def told(path: Path, *, every: int) -> pl.DataFrame:
    events = pl.read_parquet(path / "events.parquet").with_row_index("event_id")
    day = pl.col("date").dt.date()
    some = events.filter((pl.col("account_id") % every == 0) & (day >= SINCE) & (day <= UNTIL))
    return some.select(
        pl.format("e-{}", "event_id").alias("event_id"),
        pl.format("org-{}", "account_id").alias("account_id"),
        pl.format("u-{}", "user_id").alias("user_id"),
        pl.col("module"),
        day.alias("date"),
        pl.lit("change.merged").alias("event"),
    )


def import_it(events: pl.DataFrame) -> None:
    world.build()
    keys = events.select("account_id").unique().sort("account_id")
    assert take("accounts", keys.with_columns(name="account_id")) == keys.height
    assert take("events", events) == events.height
    carry()
    card("activity", PARTS)


def points(days: list[tuple[date, str]], day: date) -> float:
    inside = [(at, who) for at, who in days if day - DAY * WINDOW < at <= day]
    people, active = len({who for _, who in inside}), len({at for at, _ in inside})
    parts = ((people, PEOPLE), (active, DAYS))
    return sum(100 if value >= green else 0 if value < red else 50 for value, (green, red) in parts) / 2


def counted(events: pl.DataFrame) -> tuple[float, int, int]:
    """AUC, rows and departures, one account and day after the other."""
    by_account = defaultdict(list)
    for account, who, at in events.select("account_id", "user_id", "date").sort("date").iter_rows():
        by_account[account].append((at, who))
    last = max(at for days in by_account.values() for at, _ in days)
    first = min(at for days in by_account.values() for at, _ in days)
    grid = [last - DAY * STEP * k for k in range(104) if last - DAY * STEP * k >= first]
    left, stayed, departures = Counter(), Counter(), set()
    for account, days in by_account.items():
        used = sorted({at for at, _ in days})
        for day in grid:
            past = [at for at in used if at <= day]
            if not past or (day - past[-1]).days >= SILENT or day + DAY * SILENT > last:
                continue
            coming = [at for at in used if past[-1] <= at <= last]
            ends = [
                at + DAY * SILENT
                for at, following in zip(coming, [*coming[1:], date.max], strict=True)
                if (following - at).days > SILENT
            ]
            gone = bool(ends) and ends[0] <= day + DAY * SILENT
            (left if gone else stayed)[points(days, day)] += 1
            if gone:
                departures.add((account, ends[0]))
    pairs = sum(
        many * others * (1.0 if low < high else 0.5 if low == high else 0.0)
        for low, many in left.items()
        for high, others in stayed.items()
    )
    rows = left.total() + stayed.total()
    return pairs / (left.total() * stayed.total()), rows, len(departures)


def test_the_proof_is_what_counting_anew_finds(shared_data: Path):
    hold(told(folder(shared_data, "openstack_org_events"), every=25))


def hold(events: pl.DataFrame) -> None:
    """The proof on these events is what counting anew finds."""
    import_it(events)
    found = proven("activity", {"kind": "silence", "days": SILENT}, step_days=STEP)
    auc, rows, departures = counted(events)
    assert (found["rows"], found["departures"]) == (rows, departures)
    assert found["area"]["auc"] == pytest.approx(auc, abs=1e-6)
    assert found["area"]["low"] < auc < found["area"]["high"]
    assert found["verdict"] in ("proven", "weak")
    assert found["chance"]["high"] < auc
    assert found["left_out"]["open"] > 0
    by_slug = {rival["slug"]: rival for rival in found["rivals"]}
    assert by_slug["recency"]["told"]
    assert not by_slug["arr"]["told"]
