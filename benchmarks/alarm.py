"""Seconds from a tracked event until the alarm stands that it raises: an indicator of a plan crosses its threshold.

Each probe is an account of its own, whose plan watches a measure that the company defined (a count of failed exports) and that
stands on its threshold; one more event carries it over. First nothing else comes in, then a thousand events a second.
"""

import http.client
import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg

from benchmarks import freshness, houses, ingest

PROBES, PACE, PATIENCE, LIMIT = 25, 1000, 120, 10
METRIC = {
    "title": "Failed exports",
    "unit": "events",
    "better": "down",
    "sentence": "How many exports failed in the last 28 days.",
    "unknown_when": "the account never had a usage event",
    "measure": {"take": "count", "days": 28, "events": {"names": ["export.failed"]}},
}
INDICATOR = {"title": "Failed", "metric": "failed_exports", "better": "down", "target": 0, "trigger": 1}
PLAN = {"objectives": [{"title": "Reports", "indicators": [INDICATOR]}]}
READY = """
    SELECT count(DISTINCT v.account_id) FROM metrics_metricvalue v JOIN ledger_account a ON a.id = v.account_id
    WHERE a.key LIKE 'probe-%' AND v.metric = 'failed_exports' AND v.value = 1
"""
WATCHING = """
    SELECT count(*) FROM signals_rule r JOIN signals_ruleversion v ON v.id = r.published_id
    WHERE r.slug = 'indicator-past-alarm' AND v.begun_at IS NOT NULL
"""
ALARM = """
    SELECT count(*) FROM signals_firing f
    JOIN ledger_account a ON a.id = f.account_id JOIN signals_rule r ON r.id = f.rule_id
    WHERE a.key = %s AND r.slug = 'indicator-past-alarm' AND NOT f.stood
"""
Connection = psycopg.Connection[tuple[int]]


def measure() -> Iterator[str]:
    """One house: its probes alone, then others beside the load."""
    with houses.keepwell() as (house, key), psycopg.connect(house.url(), autocommit=True) as connection:
        ingest.accounts(house, key)
        _begin(house, key, connection)
        yield _told("event to alarm of a plan, nothing else", _probed(house, key, connection, range(PROBES)))
        seconds = PROBES * PATIENCE
        load = ingest.Load(
            house.port, "/v1/batch", key, ingest.body(ingest.BATCH), seconds, PACE / ingest.BATCH
        )
        sender = threading.Thread(target=load.run)
        sender.start()
        try:
            taken = _probed(house, key, connection, range(PROBES, 2 * PROBES))
        finally:
            load.seconds = 0
            sender.join()
        yield _told(f"event to alarm of a plan, beside {PACE:,}/s", taken)


def _told(what: str, taken: Sequence[float]) -> str:
    middle, late = taken[len(taken) // 2], taken[int(0.95 * len(taken))]
    return f"{what}    p50 {middle:.1f} s, p95 {late:.1f} s of {len(taken)} (limit p95 {LIMIT} s)"


def _begin(house: houses.House, key: str, connection: Connection) -> None:
    """Accounts with plans whose indicator stands on its threshold, and the rule of the practice pack that watches them."""
    token = _token(house)
    for number in range(2 * PROBES):
        account = f"probe-{number}"
        freshness.send(
            house.port, key, {"type": "group", "userId": "u", "groupId": account, "messageId": f"g-{account}"}
        )
    _until(connection, WATCHING, 1)
    _put(house, token, "/metrics/failed_exports/definition", METRIC)
    for number in range(2 * PROBES):
        _put(house, token, f"/accounts/probe-{number}/plan", PLAN)
        _fail(house, key, number, "before")
    _until(connection, READY, 2 * PROBES)


def _token(house: houses.House) -> str:
    """Of an administrator, whom the house needs for it."""
    _run(
        house,
        "user",
        "create",
        "root@fernhill.test",
        "--password",
        "correct horse battery",
        "--role",
        "admin",
    )
    return _run(house, "token", "create", "bench").split()[-1]


def _run(house: houses.House, *words: str) -> str:
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    made = subprocess.run(
        [str(houses.BIN / "keepwell"), *words],
        env=environment | {"KEEPWELL_DATA": str(house.folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout


def _put(house: houses.House, token: str, path: str, said: dict[str, Any]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", house.port)
    connection.request("PUT", f"/api/v1{path}", json.dumps(said), {"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(body.decode())


def _fail(house: houses.House, key: str, number: int, which: str) -> None:
    call = {
        "type": "track",
        "userId": "u",
        "event": "export.failed",
        "messageId": f"{which}-{number}",
        "context": {"groupId": f"probe-{number}"},
    }
    freshness.send(house.port, key, call)


def _probed(house: houses.House, key: str, connection: Connection, numbers: range) -> list[float]:
    """One account after another crosses its threshold; how long each alarm took, the quickest first."""
    taken = []
    for number in numbers:
        began = time.perf_counter()
        _fail(house, key, number, "over")
        _until(connection, ALARM, 1, f"probe-{number}")
        taken.append(time.perf_counter() - began)
    return sorted(taken)


def _until(connection: Connection, sql: str, count: int, *asked: str) -> None:
    began = time.perf_counter()
    while time.perf_counter() - began < PATIENCE:
        row = connection.execute(sql, asked or None).fetchone()  # type: ignore[call-overload]
        if row is not None and row[0] >= count:
            return
        time.sleep(0.02)
    raise RuntimeError(f"not within {PATIENCE} seconds: {' '.join(sql.split())}")
