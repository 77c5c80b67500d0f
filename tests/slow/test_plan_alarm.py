"""A plan's indicator crosses its threshold: what the app sends is an alarm, by real processes, once, and of that indicator."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.stories.conftest import Instance, served, until

__all__ = ["served"]
LAST_RESORT = "root@fernhill.test"  # who hears of an account that nobody owns
METRIC = {
    "title": "Failed exports",
    "unit": "events",
    "better": "down",
    "sentence": "How many exports failed in the last 28 days.",
    "unknown_when": "the account never had a usage event",
    "measure": {"take": "count", "days": 28, "events": {"names": ["export.failed"]}},
}
ALARM_ABOVE = 3
INDICATOR = {
    "title": "Exports that fail", "metric": "failed_exports", "better": "down", "baseline": 3, "target": 0,
    "trigger": ALARM_ABOVE,
}  # fmt: skip
PLAN = {"vision": "Every report on time.", "objectives": [{"title": "Reports", "indicators": [INDICATOR]}]}
RULE = "indicator-past-alarm"


@pytest.fixture
def api(served: Instance) -> Iterator[httpx.Client]:
    """The API of a company that works every day."""
    token = served.run("token", "create", "tests").stdout.split()[-1]
    signed = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"{served.url}/api/v1", headers=signed, timeout=60) as client:
        client.patch("/company", json={"working_days": [*range(1, 8)]}).raise_for_status()
        yield client


@pytest.mark.slow
def test_an_indicator_that_crosses_its_threshold_is_an_alarm_and_somebody_is_told(
    served: Instance, api: httpx.Client
) -> None:
    key = served.run("source", "create", "app").stdout.strip()
    api.put("/metrics/failed_exports/definition", json=METRIC).raise_for_status()
    for account in ("elm", "ash"):
        send(served, key, {"type": "group", "messageId": account, "userId": "u1", "groupId": account})
        api.put(f"/accounts/{account}/plan", json=PLAN).raise_for_status()
        for number in range(ALARM_ABOVE):
            fail(served, key, account, number)
    assert until(lambda: [stands(api, one) for one in ("elm", "ash")] == [(3.0, False)] * 2), stands(
        api, "elm"
    )
    assert until(lambda: answer(api, "elm")["state"] == "quiet"), answer(api, "elm")
    fail(served, key, "elm", ALARM_ABOVE)
    assert until(lambda: signals(api, "elm")), answer(api, "elm")
    (signal,) = signals(api, "elm")
    assert (signal["rule"], signal["stood"], signal["ended_at"]) == (RULE, False, None)
    assert INDICATOR["title"] in " ".join(signal["because"])
    assert stands(api, "elm") == (4.0, True)
    assert until(lambda: told(api, signal) == [(LAST_RESORT, "delivered")]), told(api, signal)
    fail(served, key, "elm", ALARM_ABOVE + 1)
    assert until(lambda: stands(api, "elm") == (5.0, True))
    relaxed = INDICATOR | {"trigger": 10}
    plan = PLAN | {"objectives": [{"title": "Reports", "indicators": [relaxed]}]}
    api.put("/accounts/elm/plan", json=plan).raise_for_status()
    assert until(lambda: signals(api, "elm")[0]["ended_at"]), answer(api, "elm")
    assert [one["id"] for one in signals(api, "elm")] == [signal["id"]]
    assert signals(api, "ash") == []


def fail(served: Instance, key: str, account: str, number: int) -> None:
    """The app says that an export failed."""
    said = {"userId": "u1", "event": "export.failed", "context": {"groupId": account}}
    send(served, key, {"type": "track", "messageId": f"{account}-{number}", **said})


def send(served: Instance, key: str, call: dict[str, Any]) -> None:
    """One call of the tracking API."""
    httpx.post(f"{served.url}/v1/{call['type']}", json=call, auth=(key, ""), timeout=60).raise_for_status()


def stands(api: httpx.Client, account: str) -> tuple[float | None, bool | None]:
    """Where the plan's indicator stands, and whether that is past its alarm."""
    (outcome,) = api.get(f"/accounts/{account}/plan").raise_for_status().json()["standing"]
    (indicator,) = outcome["indicators"]
    return indicator["value"], indicator["past_trigger"]


def answer(api: httpx.Client, account: str) -> dict[str, Any]:
    """What the rule on plans says of an account now."""
    found = api.get(f"/accounts/{account}/rules").raise_for_status().json()
    return next(one for one in found if one["rule"] == RULE)


def signals(api: httpx.Client, account: str) -> list[dict[str, Any]]:
    """The signals of the rule on plans about an account."""
    found = api.get("/signals", params={"account": account}).raise_for_status().json()
    return [one for one in found if one["rule"] == RULE]


def told(api: httpx.Client, signal: dict[str, Any]) -> list[tuple[str, str]]:
    """Who hears of a signal, and whether they were told."""
    found = api.get(f"/signals/{signal['id']}/deliveries").raise_for_status().json()
    return [(one["person"], one["state"]) for one in found]
