"""From files to a published scorecard with its proof, in a browser alone; the proof against counting anew.

Samples of the public sets: minutes; `test_whole_proofs` takes them whole.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import polars as pl
import pytest
from playwright.sync_api import Browser, expect

from tests.health.public_sets import folder
from tests.stories import anew
from tests.stories.conftest import Instance, instance
from tests.stories.desk import Desk, Part

__all__ = ["instance"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
LAST = date(2026, 5, 31)
SILENT = 180
ACTIVITY = (
    Part("active_people", 34, "3", "1"),
    Part("active_days", 33, "6", "1"),
    Part("days_since_last_use", 33, "28", "90", ("<", ">")),
)
HORIZON, GRACE = 90, 30
WEEKLY = (
    Part("users_per_seat", 50, "60", "30"),
    Part("core_trend", 50, "-10", "-30"),
)
MEASURES = {
    "Weekly users per seat": """
        slug = "users_per_seat"
        title = "Weekly users per seat"
        unit = "%"
        better = "up"
        sentence = "Active people of a week, on average over the last 28 days, against the seats bought."
        unknown_when = "no week of the last 28 days is told, or no active contract states its seats"
        [measure]
        take = "ratio"
        times = 100.0
        of = { take = "mean", days = 28, events = { names = ["week.users"] } }
        to = { take = "seats" }
    """,
    "Core actions against before": """
        slug = "core_trend"
        title = "Core actions against before"
        unit = "%"
        better = "up"
        sentence = "By how much core actions of the last 28 days lie above those of the 28 before."
        unknown_when = "there were no core actions in the 28 days before"
        [measure]
        take = "change"
        days = 28
        of = { take = "sum", days = 28, events = { names = ["week.actions"] } }
    """,
}
NOISE = (
    Part("active_days", 34, "4", "1"),
    Part("escalations_per_month", 33, "0.1", "0.3", ("<", ">")),
    Part("seat_utilisation", 33, "60", "30"),
)


@pytest.fixture
def desk(chromium: Browser, instance: Instance, tmp_path: Path) -> Iterator[Desk]:
    """Somebody of CS operations, signed in to an instance that knows nothing yet."""
    instance.serve("--no-demo")
    instance.run(
        "user", "create", "root@fernhill.test", "--password", "correct horse battery", "--role", "admin"
    )
    context = chromium.new_context(
        base_url=instance.url, locale="en-GB", viewport={"width": 1440, "height": 900}
    )
    found = Desk(context.new_page(), tmp_path)
    found.sign_in()
    yield found
    context.close()


def organisations(path: Path, *, every: int) -> pl.DataFrame:
    """The events of every so many-th organisation: event_id, account, user_id, module, date, event."""
    raw = pl.read_parquet(path / "events.parquet").with_row_index("event_id")
    day = pl.col("date").dt.date()
    return raw.filter((pl.col("account_id") % every == 0) & (day <= LAST)).select(
        event_id=pl.format("e-{}", "event_id"),
        account_id=pl.format("org-{}", "account_id"),
        user_id=pl.format("u-{}", "user_id"),
        module="module",
        date=day,
        event=pl.lit("change.merged"),
    )


def counted_activity(events: pl.DataFrame) -> anew.Counted:
    """What the card of activity told of silences of 180 days."""
    use = events.select("date", account="account_id", user="user_id")
    first, last = use["date"].min(), use["date"].max()
    spells = anew.silences(use, days=SILENT, last=last)
    rows = anew.at_risk(spells, anew.grid(first, last), horizon=SILENT, settled=last)
    value = pl.col("value")
    people = anew.within(use, rows, window=28, asked=pl.col("user").n_unique())
    days = anew.within(use, rows, window=28, asked=pl.col("date").n_unique())
    parts = [
        (34, anew.points(people, healthy=value >= 3, risky=value < 1)),
        (33, anew.points(days, healthy=value >= 6, risky=value < 1)),
        (33, anew.points(anew.recency(use, rows), healthy=value < 28, risky=value > 90)),
    ]
    return anew.score(rows, parts)


def told(desk: Desk, instance: Instance) -> anew.Counted:
    """What the proof found, to all its decimals: the page's own figures as a program reads them."""
    number = re.search(r"/proofs/(\d+)/", desk.page.url)
    assert number is not None
    token = instance.run("token", "create", "story").stdout.strip()
    headers = {"Authorization": f"Bearer {token}"}
    proof = httpx.get(f"{instance.url}/api/v1/proofs/{number[1]}", headers=headers, timeout=60).json()
    figures = proof["figures"]
    return anew.Counted(figures["area"]["auc"], figures["rows"], figures["departures"])


def agrees(found: anew.Counted, counted: anew.Counted) -> None:
    """The same rows and departures; the AUC as near as six decimals say it."""
    assert (found.rows, found.departures) == (counted.rows, counted.departures)
    assert found.auc == pytest.approx(counted.auc, abs=1e-5)


def built_activity(desk: Desk, events: pl.DataFrame) -> None:
    """Bring events in, declare silence, build a card and edit it."""
    desk.bring(
        "accounts", events.select("account_id").unique().sort("account_id").with_columns(name="account_id")
    )
    desk.bring("events", events)
    desk.declare_silence(SILENT)
    assert desk.departures() > 0
    desk.build("Activity", [Part("active_people", 50, "3", "1"), Part("active_days", 50, "6", "1")])
    desk.edit("activity", "Activity", ACTIVITY)


def test_organisations_that_fall_silent(desk: Desk, instance: Instance, shared_data: Path) -> None:
    events = organisations(folder(shared_data, "openstack_org_events"), every=30)
    built_activity(desk, events)
    progress = desk.prove("activity:1", horizon=SILENT)
    assert any(re.search(r"Replaying the past as known then: \d+ of \d+.days", text) for text in progress)
    counted = counted_activity(events)
    agrees(told(desk, instance), counted)
    assert desk.shown() == f"{100 * counted.auc:.0f}"
    said = desk.publish("activity")
    assert "In force" in said
    assert re.search("Proven|Weak", said)


def subscriptions(path: Path, *, every: int) -> dict[str, pl.DataFrame]:
    """Accounts, contracts, and two events a week of an account: how many used the product, and how many core actions."""
    some, key = pl.col("account_id") % every == 0, pl.format("c-{}", "account_id")
    contracts = pl.read_parquet(path / "contracts.parquet").filter(some).with_row_index("n")
    weekly = pl.read_parquet(path / "weekly.parquet").filter(some)
    week = pl.col("week").dt.date()
    return {
        "accounts": pl.read_parquet(path / "accounts.parquet")
        .filter(some)
        .select(account_id=key, name=key, industry="industry"),
        "contracts": contracts.select(
            contract_id=pl.format("k-{}", "n"),
            account_id=key,
            arr=pl.col("mrr") * 12,
            seats="seats",
            start_date=pl.col("start_date").dt.date(),
            end_date=pl.col("end_date").dt.date(),
        ),
        "events": pl.concat(
            weekly.select(
                event_id=pl.format("{}-{}-{}", pl.lit(name), "account_id", week),
                account_id=key,
                event=pl.lit(name),
                value=pl.col(column).cast(pl.Float64),
                date=week,
            )
            for name, column in (("week.users", "active_users"), ("week.actions", "core_actions"))
        ),
    }


def counted_weekly(found: dict[str, pl.DataFrame]) -> anew.Counted:
    """What the card of weekly use told of contracts that ended."""
    use = found["events"].select("date", "event", "value", account="account_id")
    contracts = found["contracts"].rename({"account_id": "account"})
    last = use["date"].max()
    spells = anew.lapses(contracts, grace=GRACE, last=last)
    settled = last - timedelta(days=GRACE)
    days = anew.grid(contracts["start_date"].min(), last)
    rows = anew.at_risk(spells, days, horizon=HORIZON, settled=settled)
    users = anew.within(
        use.filter(event="week.users"), rows, window=28, asked=pl.col("value").mean(), none=None
    )
    actions = use.filter(event="week.actions")
    now = anew.within(actions, rows, window=28, asked=pl.col("value").sum())
    before = anew.within(actions, rows, window=28, asked=pl.col("value").sum(), ago=28)
    seats = anew.seats(contracts, rows)
    value = pl.col("value")
    return anew.score(
        rows,
        [
            (50, anew.points(anew.percent(users, seats), healthy=value >= 60, risky=value < 30)),
            (50, anew.points(anew.percent(now, before, more=True), healthy=value >= -10, risky=value < -30)),
        ],
    )


def weekly(desk: Desk, instance: Instance, found: dict[str, pl.DataFrame]) -> str:
    """The same with contracts that end, and with measures that are defined on the way."""
    for kind, rows in found.items():
        desk.bring(kind, rows)
    desk.declare_contract_end(GRACE)
    assert desk.departures() > 0
    for title, text in MEASURES.items():
        desk.define(title, text)
    desk.build("Weekly use", WEEKLY)
    desk.prove("weekly-use:1", horizon=HORIZON)
    agrees(told(desk, instance), counted_weekly(found))
    return desk.publish("weekly-use")


def test_subscriptions_whose_contracts_end(desk: Desk, instance: Instance, shared_data: Path) -> None:
    said = weekly(desk, instance, subscriptions(folder(shared_data, "cs_sim_A"), every=10))
    assert "In force" in said
    assert "the score put the one that left lower in" in said


def test_labels_that_are_noise(desk: Desk, shared_data: Path) -> None:
    path = folder(shared_data, "ravenstack")
    for kind, name, constants in (
        ("accounts", "accounts", {}),
        ("contracts", "subscriptions", {}),
        ("tickets", "support_tickets", {}),
        ("events", "churn_events", {"name": "account.churned"}),
        ("events", "feature_usage", {}),
    ):
        desk.bring(kind, path / f"ravenstack_{name}.csv", **constants)
    desk.declare_told()
    desk.build("Noise", NOISE)
    desk.prove("noise:1", horizon=HORIZON)
    assert desk.verdict() == "No better than chance"
    desk.page.get_by_role("link", name="Each measure’s own evidence").click()
    expect(desk.page.locator(".state")).to_contain_text("No measure beats chance")
    said = desk.publish("noise")
    assert "In force" in said
    assert "No better than chance" in said
    assert "Do not act on it." in said
