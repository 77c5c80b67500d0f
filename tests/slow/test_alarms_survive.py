"""A worker is killed outright again and again while rules look and signals are told: no alarm is doubled, none is lost."""

import base64
import json
import random
import time
from typing import Any

import httpx
import psycopg
import pytest

from keepwell.faces import clock
from tests.stories import killing
from tests.stories.conftest import Instance, instance, until

__all__ = ["instance"]

ACCOUNTS, KILLS = 40, 8
RULE = {"severity": "critical", "when": {"of": "event.alarm.raised", "above": 0, "in_days": 30}}
COUNTS = """
    SELECT count(*) FILTER (WHERE firings = 1 AND told = 1 AND notes = 1), count(*) FROM (
        SELECT a.id,
            (SELECT count(*) FROM signals_firing f WHERE f.account_id = a.id) AS firings,
            (SELECT count(*) FROM plays_delivery d JOIN signals_firing f ON f.id = d.firing_id
             WHERE f.account_id = a.id AND d.state = 'delivered') AS told,
            (SELECT count(*) FROM plays_notification n WHERE n.account_id = a.id AND n.kind = 'signal') AS notes
        FROM ledger_account a) AS counted
"""


@pytest.mark.slow
def test_each_account_that_raised_an_alarm_fired_once_and_was_told_of_once(instance: Instance) -> None:
    key = begin(instance)
    draw = random.Random(5)
    for number in range(KILLS):
        for n in range(number * ACCOUNTS // KILLS, (number + 1) * ACCOUNTS // KILLS):
            raise_alarm(instance, key, n)
        time.sleep(draw.uniform(0.2, 2.5))
        killing.kill(instance, "worker")
        assert until(lambda: "worker" in killing.victims(instance))
    assert until(lambda: counted(instance) == (ACCOUNTS, ACCOUNTS)), counted(instance)
    time.sleep(3)
    assert counted(instance) == (ACCOUNTS, ACCOUNTS)


def begin(instance: Instance) -> str:
    """Accounts, one administrator who hears everything, and a rule that watches; gives the key of a source."""
    instance.serve("--no-demo")
    instance.run(
        "user", "create", "root@fernhill.test", "--password", "correct horse battery", "--role", "admin"
    )
    path = instance.folder / "accounts.csv"
    path.write_text("key,name\n" + "".join(f"n{n},Nettle {n}\n" for n in range(ACCOUNTS)))
    instance.run("import", "accounts", str(path))
    token = instance.run("token", "create", "tests").stdout.split()[-1]
    signed = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"{instance.url}/api/v1", headers=signed) as rest:
        rest.put("/rules/raised/draft", json={"title": "Raised", "definition": RULE}).raise_for_status()
        rest.post("/rules/raised/publication", json={"number": 1}).raise_for_status()
        assert until(lambda: rest.get("/rules/raised").json()["begun_at"])
    return instance.run("source", "create", "app").stdout.strip()


def raise_alarm(instance: Instance, key: str, n: int) -> None:
    """Send until it is acknowledged, as an SDK does."""
    call: dict[str, Any] = {
        "type": "track", "event": "alarm.raised", "messageId": f"m{n}", "userId": "u",
        "timestamp": clock.now().isoformat(), "context": {"groupId": f"n{n}"},
    }  # fmt: skip
    basic = base64.b64encode(f"{key}:".encode()).decode()

    def accepted() -> bool:
        try:
            answer = httpx.post(
                f"{instance.url}/v1/batch",
                json={"batch": [call]},
                headers={"Authorization": f"Basic {basic}"},
            )
        except httpx.TransportError:
            return False
        return answer.status_code == 200

    assert until(accepted)


def counted(instance: Instance) -> tuple[int, int]:
    """How many accounts fired once and were told of once, and how many accounts there are."""
    url = json.loads((instance.folder / "postgres.json").read_text())["url"]
    with psycopg.connect(url) as connection:
        row = connection.execute(COUNTS).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])
