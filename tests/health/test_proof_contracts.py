"""Subscriptions whose contracts end or are renewed (cs_sim_A), and labels that are pure noise (ravenstack)."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests import world
from tests.health.public_sets import card, carry, folder, proven, take

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
STEP, HORIZON, GRACE, WINDOW = 28, 90, 30, 28
PARTS = (("seat_utilisation", ">= 60", "< 30"), ("active_days", ">= 4", "< 3"))
NOISE = (
    ("active_days", ">= 4", "< 1"),
    ("escalations_per_month", "< 0.1", "> 0.3"),
    ("seat_utilisation", ">= 60", "< 30"),
)


def sampled(path: Path, *, every: int) -> dict[str, pl.DataFrame]:
    """Accounts, contracts, and one event for each active user of a week, spread over its days."""
    some = pl.col("account_id") % every == 0
    key = pl.format("c-{}", "account_id")
    accounts = pl.read_parquet(path / "accounts.parquet").filter(some)
    contracts = pl.read_parquet(path / "contracts.parquet").filter(some).with_row_index("n")
    weekly = pl.read_parquet(path / "weekly.parquet").filter(some & (pl.col("active_users") > 0))
    users = weekly.with_columns(user=pl.int_ranges(0, pl.col("active_users"))).explode("user")
    at = pl.col("week").dt.date() + pl.duration(days=pl.col("user") % 7)
    return {
        "accounts": accounts.select(account_id=key, name=key, segment="segment", industry="industry"),
        "contracts": contracts.select(
            contract_id=pl.format("k-{}", "n"),
            account_id=key,
            arr=pl.col("mrr") * 12,
            seats="seats",
            start_date=pl.col("start_date").dt.date(),
            end_date=pl.col("end_date").dt.date(),
        ),
        "events": users.select(
            event_id=pl.format("{}-{}-{}", "account_id", at, "user"),
            account_id=key,
            user_id=pl.format("{}-{}", key, "user"),
            event=pl.lit("product.used"),
            date=at,
        ).unique("event_id", maintain_order=True),
    }


def import_it(found: dict[str, pl.DataFrame]) -> None:
    world.build()
    for kind in ("accounts", "contracts", "events"):
        assert take(kind, found[kind]) == found[kind].height
    carry()


def points(used: list[tuple[date, str]], terms: list[tuple[date, date, int]], day: date) -> float | None:
    if not used or used[0][0] > day:
        return None
    inside = [(at, who) for at, who in used if day - DAY * WINDOW < at <= day]
    seats = sum(bought for start, end, bought in terms if start <= day < end)
    days = len({at for at, _ in inside})
    told = [100 if days >= 4 else 0 if days < 3 else 50]
    if seats:
        share = 100 * len({who for _, who in inside}) / seats
        told.append(100 if share >= 60 else 0 if share < 30 else 50)
    return sum(told) / len(told)


def ends(terms: list[tuple[date, date, int]]) -> list[tuple[date, date]]:
    """When it was a customer, contract after contract."""
    spells: list[tuple[date, date]] = []
    for start, end, _ in sorted(terms):
        if spells and (start - spells[-1][1]).days <= GRACE:
            spells[-1] = (spells[-1][0], max(spells[-1][1], end))
        else:
            spells.append((start, end))
    return spells


def counted(found: dict[str, pl.DataFrame]) -> tuple[float, int, int]:
    """AUC, rows and departures, one account and day after the other."""
    used, terms = defaultdict(list), defaultdict(list)
    for account, who, at in found["events"].select("account_id", "user_id", "date").sort("date").iter_rows():
        used[account].append((at, who))
    columns = ("account_id", "start_date", "end_date", "seats")
    for account, start, end, seats in found["contracts"].select(columns).iter_rows():
        terms[account].append((start, end, seats))
    last = found["events"]["date"].max()
    first = found["contracts"]["start_date"].min()
    grid = [last - DAY * STEP * k for k in range(104) if last - DAY * STEP * k >= first]
    left, stayed, departures = Counter(), Counter(), set()
    for account, signed in terms.items():
        for since, end in ends(signed):
            for day in grid:
                gone_in_time = (last - end).days >= GRACE
                if not since <= day or (gone_in_time and day >= end) or day + DAY * (HORIZON + GRACE) > last:
                    continue
                score = points(used[account], signed, day)
                gone = gone_in_time and end <= day + DAY * HORIZON
                if score is not None:
                    (left if gone else stayed)[score] += 1
                    departures |= {(account, end)} if gone else set()
    pairs = sum(
        many * others * (1.0 if low < high else 0.5 if low == high else 0.0)
        for low, many in left.items()
        for high, others in stayed.items()
    )
    return pairs / (left.total() * stayed.total()), left.total() + stayed.total(), len(departures)


def test_the_proof_on_contracts_is_what_counting_anew_finds(shared_data: Path):
    hold(sampled(folder(shared_data, "cs_sim_A"), every=40))


def hold(found: dict[str, pl.DataFrame]) -> None:
    """The proof on these accounts is what counting anew finds."""
    import_it(found)
    card("use", PARTS)
    figures = proven("use", {"kind": "contract_end"}, step_days=STEP, horizon_days=HORIZON)
    auc, rows, departures = counted(found)
    assert (figures["rows"], figures["departures"]) == (rows, departures)
    assert figures["area"]["auc"] == pytest.approx(auc, abs=1e-6)
    assert {one["group"] for one in figures["groups"]["term"]} >= {"monthly", "yearly"}
    assert {rival["slug"] for rival in figures["rivals"] if rival["told"]} >= {"arr", "tenure", "recency"}
    assert figures["alarm"]["lost_arr"] > figures["alarm"]["warned_arr"]


def import_ravenstack(path: Path) -> None:
    def of(name: str) -> bytes:
        return (path / f"ravenstack_{name}.csv").read_bytes()

    world.build()
    take("accounts", of("accounts"))
    take("contracts", of("subscriptions"))
    take("tickets", of("support_tickets"))
    take("events", of("churn_events"), name="account.churned")
    take("events", of("feature_usage"))
    carry()


def verdicts(figures: dict[str, Any]) -> dict[str, str]:
    return {one["slug"]: one["verdict"] for one in figures["indicators"]}


def test_of_labels_that_are_noise_it_says_that_no_measure_beats_chance(shared_data: Path):
    import_ravenstack(folder(shared_data, "ravenstack"))
    card("noise", NOISE)
    figures = proven("noise", {"kind": "told"}, step_days=STEP, horizon_days=HORIZON)
    assert figures["verdict"] == "chance"
    assert figures["departures"] > 100
    assert figures["area"]["low"] < 0.5 < figures["area"]["high"]
    assert figures["chance"]["low"] <= figures["area"]["auc"] <= figures["chance"]["high"]
    assert not {"leads", "backwards"} & set(verdicts(figures).values())
