"""The unmodified Segment SDK, pointed at us."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import polars as pl
import pytest
import segment.analytics as segment
from segment.analytics import request

from tests.stories.conftest import Instance, until


@pytest.fixture(autouse=True)
def _close_the_sdks_connections() -> Iterator[None]:
    yield
    request._session.close()


DAYS = (date(2015, 3, 31), date(2015, 7, 15), date(2015, 12, 31))


class Sender:
    """The SDK's client; remembers what it reports as failed."""

    def __init__(self, served: Instance, name: str, *options: str) -> None:
        key = served.run("source", "create", name, *options).stdout.strip()
        self.served = served
        self.failures: list[object] = []
        self.client = segment.Client(
            key,
            host=served.url,
            gzip=True,
            max_queue_size=300_000,
            upload_size=100,
            max_retries=3,
            timeout=120,
            on_error=lambda error, items: self.failures.append((error, len(items))),
        )

    def flush(self) -> None:
        self.client.flush()
        assert self.failures == [], f"{self.failures[0]}\n{self.served.said()}"


def test_an_event_of_the_sdk_moves_metric_and_score(served: Instance) -> None:
    token = served.run("token", "create", "test").stdout.strip()
    sender = Sender(served, "app")
    sender.client.group("u1", "elm", {"name": "Elm & Söhne 🌳", "industry": "Forestry"})
    sender.client.track("u1", "report.exported", {"feature": "export"}, context={"groupId": "elm"})
    sender.flush()
    with httpx.Client(
        base_url=f"{served.url}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=60
    ) as api:
        _watch_elm(sender, api)


def test_page_screen_group_and_alias_of_the_sdk_are_taken_too(served: Instance) -> None:
    sender = Sender(served, "pages")
    context = {"groupId": "yew"}
    sender.client.group("y1", "yew", {"name": "Yew"})
    sender.client.identify("y1", {"email": "y1@yew.test", "firstName": "Yara", "lastName": "Yew"})
    sender.client.page("y1", "docs", "Home", {"path": "/"}, context=context)
    sender.client.screen("y2", "main", "Inbox", context=context)
    sender.client.track(anonymous_id="visitor-y", event="login", context=context)
    sender.flush()
    assert until(lambda: _people_of(served, "yew") == 3.0)
    sender.client.alias("visitor-y", "y1")
    sender.flush()
    assert until(lambda: _people_of(served, "yew") == 2.0)


def _people_of(served: Instance, account: str) -> float | None:
    rows = served.json("metric", "active_people", "--account", account)
    return rows[0]["value"] if rows else None


def _watch_elm(sender: Sender, api: httpx.Client) -> None:
    account = until(lambda: api.get("/accounts/elm").status_code == 200 and api.get("/accounts/elm").json())
    assert account["name"] == "Elm & Söhne 🌳"
    assert until(lambda: _active(api) == 1.0)
    sender.client.track("u2", "login", context={"groupId": "elm"})
    sender.flush()
    assert until(lambda: _active(api) == 2.0)
    score = api.get("/scores", params={"account": "elm"}).json()["items"][0]
    assert {part["metric"]: part["value"] for part in score["parts"]}["active_days"] == 1.0


def _active(api: httpx.Client) -> float | None:
    rows = api.get("/metrics/active_people", params={"account": "elm"}).json()
    return rows[0]["value"] if isinstance(rows, list) and rows else None


@pytest.mark.slow
def test_a_year_of_real_usage_is_stored_once_and_counts_as_polars_counts(
    served: Instance, shared_data: Path
) -> None:
    events = pl.read_parquet(shared_data / "openstack_org_events" / "events.parquet")
    year = events.filter(
        pl.col("date").cast(pl.Date).is_between(date(2015, 1, 1), date(2015, 12, 31))
    ).with_row_index("row")
    assert year.height > 10_000
    sender = Sender(served, "openstack", "--vouch")
    for org in year["account_id"].unique().sort().to_list():
        sender.client.group(
            "operator", f"org-{org}", {"name": f"Organisation {org}"}, message_id=f"group-{org}"
        )
    for row in year.iter_rows(named=True):
        day = datetime.fromisoformat(str(row["date"])[:10]).replace(tzinfo=UTC)
        sender.client.track(
            f"user-{row['user_id']}",
            row["action"],
            {"feature": row["module"], "files": row["n_files"]},
            timestamp=day + timedelta(hours=12),
            context={"groupId": f"org-{row['account_id']}"},
            message_id=f"row-{row['row']}",
        )
    sender.flush()
    exported = served.folder / "export"
    assert until(lambda: _waiting(served) == 0)
    served.run("export", str(exported))
    stored = pl.read_parquet(exported / "events.parquet").filter(
        pl.col("source") == "openstack", pl.col("kind") == "usage"
    )
    assert stored.height == year.height
    assert stored["id"].n_unique() == year.height
    for day in DAYS:
        for slug, window in (("active_people", 28), ("active_days", 28)):
            expected = _expected(year, slug, day, window)
            found = {
                row["account"]: row["value"]
                for row in served.json("metric", slug, "--as-of", str(day))
                if row["account"].startswith("org-")
            }
            known = {account: value for account, value in found.items() if value is not None}
            assert {account: value for account, value in known.items() if value} == expected
            assert set(known) == _ever(year, day), (
                "accounts silent in the window are 0, accounts never heard are unknown"
            )


def _waiting(served: Instance) -> int:
    return int(
        next(c for c in served.json("doctor") if c["name"] == "outbox")["found"].split()[0].replace(",", "")
    )


def _expected(year: pl.DataFrame, slug: str, day: date, window: int) -> dict[str, float]:
    dated = year.with_columns(pl.col("date").cast(pl.Date))
    within = dated.filter(pl.col("date").is_between(day - timedelta(days=window - 1), day))
    counted = pl.col("user_id" if slug == "active_people" else "date").n_unique().cast(pl.Float64)
    return {
        f"org-{org}": value
        for org, value in within.group_by("account_id").agg(counted.alias("v")).iter_rows()
    }


def _ever(year: pl.DataFrame, day: date) -> set[str]:
    return {
        f"org-{org}"
        for org in year.filter(pl.col("date").cast(pl.Date) <= day)["account_id"].unique().to_list()
    }
